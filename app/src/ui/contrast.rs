//! The contrast of the tokens, computed from `style/tokens.css` as a browser shows them: OKLCH, cut to 8-bit
//! sRGB, compared by the formula of WCAG 2.2.

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../../style/tokens.css");

type Theme = HashMap<String, [f64; 3]>;

/// The values of one block of the file, as linear red, green and blue.
fn theme(selector: &str) -> Theme {
    let start = TOKENS.find(&format!("{selector} {{")).expect(selector);
    let block = TOKENS[start..].split_once('{').unwrap().1.split_once('}').unwrap().0;
    block.lines().filter_map(token).collect()
}

fn token(line: &str) -> Option<(String, [f64; 3])> {
    let (name, value) = line.trim().strip_prefix("--")?.split_once(": oklch(")?;
    let value = value.strip_suffix(");")?;
    let numbers: Vec<f64> = value.split_whitespace().map_while(|n| n.parse().ok()).collect();
    let [lightness, chroma, hue] = numbers[..] else { return None };
    (!value.contains('/')).then(|| (name.to_owned(), shown(lightness, chroma, hue)))
}

/// OKLCH to linear sRGB (CSS Color 4, section 10), rounded to what 8 bits can show.
#[expect(clippy::float_arithmetic, reason = "colours, not money")]
fn shown(lightness: f64, chroma: f64, hue: f64) -> [f64; 3] {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let cube = |x: f64| x * x * x;
    let long = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let medium = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let short = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b);
    let linear = [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short,
    ];
    linear.map(|x| {
        assert!(
            (-0.002..1.002).contains(&x),
            "oklch({lightness} {chroma} {hue}) is outside sRGB: {linear:?}"
        );
        let x = x.clamp(0.0, 1.0);
        let gamma = if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * x.powf(1.0 / 2.4) - 0.055 };
        let byte = (gamma * 255.0).round() / 255.0;
        if byte <= 0.040_45 { byte / 12.92 } else { ((byte + 0.055) / 1.055).powf(2.4) }
    })
}

#[expect(clippy::float_arithmetic, reason = "colours, not money")]
fn ratio(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

const LIGHT: &str = ":root";
const DARK: &str = r#":root[data-theme="dark"]"#;
const SYSTEM: &str = r#":root[data-theme="system"]"#;

/// Foreground, grounds, and the least ratio between them.
const PAIRS: &[(&str, &[&str], f64)] = &[
    ("border-strong", &["bg", "surface"], 3.3),
    ("text", &["bg", "surface", "sunken"], 13.5),
    ("text", &["bg", "surface"], 14.5),
    ("text-2", &["bg", "surface", "sunken"], 6.7),
    ("text-3", &["bg", "surface", "sunken"], 4.7),
    ("accent", &["bg", "surface"], 5.8),
    ("accent", &["accent-soft"], 5.6),
    ("accent-hover", &["bg", "surface"], 5.8),
    ("on-accent", &["accent"], 6.2),
    ("positive", &["bg", "surface", "positive-soft"], 5.6),
    ("negative", &["bg", "surface", "negative-soft"], 5.5),
    ("warning", &["bg", "surface", "warning-soft"], 5.3),
    ("text", &["positive-soft", "negative-soft", "warning-soft", "accent-soft"], 7.0),
    ("text-2", &["positive-soft", "negative-soft", "warning-soft", "accent-soft"], 4.5),
    ("focus", &["bg", "surface"], 4.5),
];

#[test]
fn every_pair_of_tokens_has_its_contrast_in_both_themes() {
    for selector in [LIGHT, DARK] {
        let theme = theme(selector);
        for (front, grounds, least) in PAIRS {
            for ground in *grounds {
                let found = ratio(theme[*front], theme[*ground]);
                assert!(
                    found >= *least,
                    "{selector}: {front} on {ground} has {found:.2}, needs {least}"
                );
            }
        }
    }
}

#[test]
fn every_series_of_a_chart_can_be_seen_on_its_surface() {
    for (selector, least) in [(LIGHT, 4.4), (DARK, 6.6)] {
        let theme = theme(selector);
        for n in 1..=8 {
            let found = ratio(theme[&format!("series-{n}")], theme["surface"]);
            assert!(found >= least, "{selector}: series {n} has {found:.2}");
        }
    }
}

#[test]
fn the_systems_dark_theme_is_the_chosen_dark_theme() {
    assert_eq!(theme(SYSTEM), theme(DARK));
    assert_eq!(theme(DARK).len(), theme(LIGHT).len());
}
