//! Where values come from: a `.env` file, the environment over it, and files that secrets are kept in.

use std::{
    collections::BTreeMap,
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use super::{
    problem::Problems,
    variables::{Variable, is_known, named},
};

/// Where a value was found. Shown by `coffer doctor` in place of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The `.env` file of the working directory.
    DotEnv,
    /// The environment of the process.
    Environment,
    /// A file named by the variable's `_FILE` form.
    File(PathBuf),
    /// Made for development and kept in the data directory.
    Generated,
}

/// Every variable that was set, and where.
#[derive(Clone, Debug, Default)]
pub struct Vars {
    values: BTreeMap<String, (String, Origin)>,
}

impl From<BTreeMap<String, String>> for Vars {
    fn from(environment: BTreeMap<String, String>) -> Self {
        let mut vars = Self::default();
        vars.add(environment, Origin::Environment);
        vars
    }
}

impl Vars {
    /// The `.env` file at `file`, if there is one, and `environment` over it.
    pub fn layered(
        file: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let mut vars = Self::default();
        match dotenvy::from_path_iter(file) {
            Ok(lines) => {
                // The error of a line repeats the line, which may hold a secret: its number is enough.
                let lines: Result<Vec<_>, _> = lines.collect();
                let lines =
                    lines.map_err(|_| unreadable(file, "has a line that is not NAME=value"))?;
                vars.add(lines, Origin::DotEnv);
            }
            Err(dotenvy::Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => return Err(unreadable(file, "can't be read")),
        }
        vars.add(environment, Origin::Environment);
        Ok(vars)
    }

    /// Later values win. An empty value is no value, so that `SMTP_URL=` switches off.
    fn add(&mut self, values: impl IntoIterator<Item = (String, String)>, origin: Origin) {
        for (name, value) in values {
            let value = value.trim();
            if value.is_empty() {
                self.values.remove(&name);
            } else {
                self.values.insert(name, (value.to_owned(), origin.clone()));
            }
        }
    }

    /// Names with Coffer's own prefixes that mean nothing: most likely a slip of the pen.
    pub fn unknown(&self) -> Vec<String> {
        let prefixes = ["COFFER_", "AUTH_", "OIDC_"];
        let ours = |name: &&String| prefixes.iter().any(|prefix| name.starts_with(prefix));
        self.values.keys().filter(ours).filter(|name| !is_known(name)).cloned().collect()
    }

    /// The words for which a member of one of these families is set, or the file that holds it.
    pub(super) fn words(&self, families: &[&Variable]) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for name in self.values.keys() {
            let in_file = name.strip_suffix("_FILE");
            let word = families.iter().find_map(|family| {
                family.word(name).or_else(|| family.word(in_file.filter(|_| family.secret)?))
            });
            words.extend(word.map(str::to_owned));
        }
        words.sort();
        words.dedup();
        words
    }

    /// The value of `name`, of its alias, or what the file named by `NAME_FILE` holds.
    pub(super) fn find(&self, name: &str, problems: &mut Problems) -> Option<(String, Origin)> {
        let variable = named(name);
        debug_assert!(variable.is_some(), "{name} is missing from config/variables.rs");
        let alias = variable.and_then(|variable| variable.alias);
        let set = self.values.get(name).or_else(|| self.values.get(alias?));

        let file_name = format!("{name}_FILE");
        let file = self.values.get(&file_name).filter(|_| variable.is_some_and(|v| v.secret));
        match (set, file) {
            (Some(_), Some(_)) => {
                problems.push(&file_name, format!("Set {name} or {file_name}, not both."));
                None
            }
            (set, None) => set.cloned(),
            (None, Some((path, _))) => match read_secret(Path::new(path)) {
                Ok(value) => Some((value, Origin::File(path.into()))),
                Err(sentence) => {
                    problems.push(&file_name, sentence);
                    None
                }
            },
        }
    }
}

fn unreadable(file: &Path, what: &str) -> Problems {
    let mut problems = Problems::default();
    problems.push(&file.display().to_string(), format!("The file {what}."));
    problems
}

/// The content of a secret's file, which nobody but its owner may read.
fn read_secret(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let metadata =
        std::fs::metadata(path).map_err(|_| format!("The file {shown} is not there."))?;
    if !metadata.is_file() {
        return Err(format!("{shown} is not a file."));
    }
    let mode = metadata.permissions().mode() & 0o7777;
    if mode != 0o400 && mode != 0o600 {
        return Err(format!("The file {shown} has mode {mode:04o}. Run chmod 600 {shown}"));
    }
    let text =
        std::fs::read_to_string(path).map_err(|_| format!("The file {shown} can't be read."))?;
    let text = text.trim();
    if text.is_empty() { Err(format!("The file {shown} is empty.")) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_environment_wins_over_the_env_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, "BIND=127.0.0.1:1\nAPP_URL=http://localhost:9\n").unwrap();

        let vars = Vars::layered(&file, set(&[("BIND", "127.0.0.1:2")])).unwrap();

        let mut problems = Problems::default();
        assert_eq!(
            vars.find("BIND", &mut problems),
            Some(("127.0.0.1:2".into(), Origin::Environment))
        );
        assert_eq!(
            vars.find("APP_URL", &mut problems),
            Some(("http://localhost:9".into(), Origin::DotEnv))
        );
    }

    #[test]
    fn an_empty_value_switches_off_what_the_env_file_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, "SMTP_URL=smtps://mail.example\n").unwrap();

        let vars = Vars::layered(&file, set(&[("SMTP_URL", "")])).unwrap();

        assert_eq!(vars.find("SMTP_URL", &mut Problems::default()), None);
    }

    #[test]
    fn a_broken_env_file_is_named_without_repeating_its_lines() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, "BETTER_AUTH_SECRET=\"hunter2hunter2\n").unwrap();

        let problems = Vars::layered(&file, []).unwrap_err().to_string();

        assert!(problems.contains(".env: The file has a line"), "{problems}");
        assert!(!problems.contains("hunter2"), "{problems}");
    }

    #[test]
    fn aliases_mean_the_same() {
        let vars = Vars::from(BTreeMap::from([("METRICS_ADDR".into(), "127.0.0.1:9".into())]));
        assert!(vars.find("OPS_BIND", &mut Problems::default()).is_some());
    }

    #[test]
    fn a_secret_file_must_be_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        fs::write(&file, "from a file\n").unwrap();
        let vars = Vars::from(BTreeMap::from([(
            "BETTER_AUTH_SECRET_FILE".into(),
            file.display().to_string(),
        )]));

        for (mode, accepted) in [(0o644, false), (0o640, false), (0o600, true), (0o400, true)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let mut problems = Problems::default();
            let found = vars.find("BETTER_AUTH_SECRET", &mut problems);
            assert_eq!(found.is_some(), accepted, "{mode:o}");
            assert_eq!(problems.names("BETTER_AUTH_SECRET_FILE"), !accepted, "{mode:o}");
        }
    }

    #[test]
    fn a_value_and_its_file_are_one_too_many() {
        let vars = Vars::from(BTreeMap::from([
            ("INDEX_KEY".into(), "x".into()),
            ("INDEX_KEY_FILE".into(), "/nowhere".into()),
        ]));
        let mut problems = Problems::default();

        assert_eq!(vars.find("INDEX_KEY", &mut problems), None);
        assert!(problems.names("INDEX_KEY_FILE"));
    }

    #[test]
    fn only_our_own_prefixes_are_checked_for_slips() {
        let vars = Vars::from(BTreeMap::from([
            ("COFFER_ENVIRONMENT".into(), "x".into()),
            ("AUTH_PROFIL".into(), "x".into()),
            ("AUTH_PROFILE".into(), "x".into()),
            ("OIDC_WORK_ISSUER".into(), "x".into()),
            ("OIDC_WORK_SECRET".into(), "x".into()),
            ("PATH".into(), "x".into()),
        ]));
        assert_eq!(vars.unknown(), ["AUTH_PROFIL", "COFFER_ENVIRONMENT", "OIDC_WORK_SECRET"]);
    }
}
