//! A cursor on a chart: one tab stop, arrows move by point, the figure is shown and said politely.

use std::time::Duration;

use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*};
use serde::{Deserialize, Serialize};

/// How long the cursor must rest before its figure is said.
const QUIET: Duration = Duration::from_millis(300);

/// A point of a line, in the drawing's own units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorPoint {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// The figure in words: "12 May, $1,204.50".
    pub text: String,
    /// The rows behind it.
    pub href: String,
}

/// The drawing (its children) with a cursor over it.
#[island]
pub fn ChartCursor(
    /// What the chart shows, for assistive technology.
    label: String,
    /// Width of the drawing in its own units.
    width: i32,
    /// Height of the drawing in its own units.
    height: i32,
    /// The lines, the main one first.
    lines: Vec<Vec<CursorPoint>>,
    children: Children,
) -> impl IntoView {
    let lines = StoredValue::new(lines);
    let at = RwSignal::new(None::<Place>);
    let point =
        move || at.get().and_then(|place| lines.with_value(|lines| place.of(lines).cloned()));
    let awake = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let link: NodeRef<html::A> = NodeRef::new();
    let frame: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_| awake.set(true));

    let go = move |place: Option<Place>| {
        at.set(place);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let say = move || said.set(point().map(|point| point.text).unwrap_or_default());
        timer.set_value(set_timeout_with_handle(say, QUIET).ok());
    };
    let pressed = move |event: ev::KeyboardEvent| {
        let now = at.get_untracked();
        match event.key().as_str() {
            "Escape" => {
                go(None);
                if let Some(frame) = frame.get_untracked() {
                    let _ = frame.blur();
                }
            }
            "Enter" => {
                if let Some(link) = link.get_untracked().filter(|_| now.is_some()) {
                    link.click();
                }
            }
            key => {
                let Some(place) = lines.with_value(|lines| step(now, key, lines)) else { return };
                event.prevent_default();
                go(Some(place));
            }
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let Some(frame) = frame.get_untracked() else { return };
        let (x, wide) = (event.offset_x(), frame.offset_width());
        let place = lines.with_value(|lines| {
            let index = nearest(x, wide, width, lines.first()?);
            Place { line: 0, index }.within(lines)
        });
        if place != at.get_untracked() {
            go(place);
        }
    };
    let mark = move || {
        point().map(|point| {
            (format!("M{} 0V{height}", point.x), format!("M{} {}h0", point.x, point.y))
        })
    };
    let side = move || point().map(|point| if point.x * 2 > width { "left" } else { "right" });
    view! {
        <div
            class="chart-plot"
            node_ref=frame
            tabindex=move || awake.get().then_some("0")
            role=move || awake.get().then_some("application")
            aria-roledescription=move || awake.get().then_some("chart")
            aria-label=move || awake.get().then(|| format!("{label}. Use the arrow keys to move by point."))
            on:keydown=pressed
            on:pointermove=moved
            on:pointerdown=moved
            on:pointerleave=move |_| go(None)
            on:blur=move |_| go(None)
        >
            {children()}
            <svg class="chart-cursor" viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none" aria-hidden="true">
                <path class="chart-cursor-line" d=move || mark().map(|(line, _)| line)></path>
                <path class="chart-cursor-dot" d=move || mark().map(|(_, dot)| dot)></path>
            </svg>
            <p class="chart-readout" data-side=side hidden=move || at.get().is_none() aria-hidden="true">
                {move || point().map(|point| point.text)}
            </p>
            <a node_ref=link href=move || point().map(|point| point.href) tabindex="-1" hidden></a>
        </div>
        <p class="sr-only" role="status">{move || said.get()}</p>
    }
}

/// Where the cursor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    index: usize,
}

impl Place {
    fn of(self, lines: &[Vec<CursorPoint>]) -> Option<&CursorPoint> {
        lines.get(self.line)?.get(self.index)
    }

    /// The same place, or the last point of a shorter line.
    fn within(self, lines: &[Vec<CursorPoint>]) -> Option<Self> {
        let last = lines.get(self.line)?.len().checked_sub(1)?;
        Some(Self { index: self.index.min(last), ..self })
    }
}

/// Where a key leads; nothing for keys that are not the chart's. The first key enters at the newest point.
fn step(now: Option<Place>, key: &str, lines: &[Vec<CursorPoint>]) -> Option<Place> {
    let newest = Place { line: 0, index: usize::MAX };
    let place = match (now, key) {
        (None, "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "End") => newest,
        (_, "Home") => Place { index: 0, ..now.unwrap_or(newest) },
        (Some(now), "ArrowLeft") => Place { index: now.index.saturating_sub(1), ..now },
        (Some(now), "ArrowRight") => Place { index: now.index.saturating_add(1), ..now },
        (Some(now), "End") => Place { index: usize::MAX, ..now },
        (Some(now), "ArrowUp" | "ArrowDown") => {
            let filled: Vec<usize> =
                (0..lines.len()).filter(|line| !lines[*line].is_empty()).collect();
            let at = filled.iter().position(|line| *line == now.line).unwrap_or(0);
            Place { line: *filled.get((at + 1) % filled.len().max(1))?, ..now }
        }
        _ => return None,
    };
    place.within(lines)
}

/// The point that is nearest to `x` of `wide` pixels, when the drawing is `width` of its own units.
fn nearest(x: i32, wide: i32, width: i32, points: &[CursorPoint]) -> usize {
    let wide = i64::from(wide.max(1));
    let at = i64::from(x).clamp(0, wide) * i64::from(width);
    let away = |point: &CursorPoint| (i64::from(point.x) * wide - at).abs();
    points.iter().enumerate().min_by_key(|(_, point)| away(point)).map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<Vec<CursorPoint>> {
        let point = |x| CursorPoint { x, y: 0, text: String::new(), href: String::new() };
        vec![vec![point(0), point(10)], vec![point(0), point(10), point(20)]]
    }

    const fn at(line: usize, index: usize) -> Place {
        Place { line, index }
    }

    fn go(now: Option<Place>, key: &str) -> Option<Place> {
        step(now, key, &lines())
    }

    #[test]
    fn the_first_key_enters_at_the_newest_point() {
        assert_eq!(go(None, "ArrowRight"), Some(at(0, 1)));
        assert_eq!(go(None, "Home"), Some(at(0, 0)));
        assert_eq!(go(None, "a"), None);
    }

    #[test]
    fn arrows_stop_at_the_ends() {
        assert_eq!(go(Some(at(0, 1)), "ArrowRight"), Some(at(0, 1)));
        assert_eq!(go(Some(at(0, 0)), "ArrowLeft"), Some(at(0, 0)));
        assert_eq!(go(Some(at(1, 0)), "End"), Some(at(1, 2)));
    }

    #[test]
    fn up_and_down_change_the_line_and_stay_on_it() {
        assert_eq!(go(Some(at(1, 2)), "ArrowUp"), Some(at(0, 1)));
        assert_eq!(go(Some(at(0, 1)), "ArrowDown"), Some(at(1, 1)));
    }

    #[test]
    fn a_pointer_finds_the_nearest_point() {
        let point = |x| CursorPoint { x, y: 0, text: String::new(), href: String::new() };
        let points = [point(0), point(100), point(900), point(1000)];
        let at = |x| nearest(x, 300, 1000, &points);

        assert_eq!((at(0), at(14), at(16)), (0, 0, 1));
        assert_eq!((at(149), at(151), at(999)), (1, 2, 3));
        assert_eq!(nearest(5, 300, 1000, &[]), 0);
    }
}
