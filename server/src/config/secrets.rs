//! The secrets of one installation: given, or made once for development.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{
    Environment, data_dir,
    keys::{NamedKey, decode_key, decode_keys},
    reader::Reader,
    vars::Origin,
};

/// What signs and what encrypts.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Signs cookies.
    pub auth: SecretString,
    /// Encrypt bank numbers; the first is the current one. Never empty.
    pub encryption: Vec<NamedKey>,
    /// Finds an account number that was added before. Derived from the first key when not set.
    pub index: Option<NamedKey>,
}

/// The file of secrets made for development.
const FILE: &str = "secrets.toml";
const HEAD: &str = "# Made once for development. Without this file stored bank numbers can't be read\n\
                    # and everybody is signed out. Production takes its secrets from the environment.\n";

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
struct Kept {
    better_auth_secret: String,
    bank_data_encryption_key: String,
}

/// Reads the given secrets. In development and test the missing ones come from the data directory.
pub(super) fn read(
    reader: &mut Reader<'_>,
    environment: Environment,
    directory: &Path,
    random: &mut dyn FnMut(&mut [u8]),
) -> Secrets {
    let auth = reader.secret("BETTER_AUTH_SECRET");
    let encryption = read_encryption(reader);
    let index = read_index(reader);
    let broken = ["BANK_DATA_ENCRYPTION_KEY", "ENCRYPTION_KEYS"]
        .iter()
        .any(|name| reader.problems.names(name));

    let missing = auth.is_none() || (encryption.is_empty() && !broken);
    let kept = if missing && environment != Environment::Production {
        keep(directory, random)
            .map_err(|(variable, sentence)| reader.problems.push(&variable, sentence))
            .ok()
    } else {
        None
    };
    let auth = auth.or_else(|| {
        let kept = kept.as_ref()?;
        reader.origins.insert("BETTER_AUTH_SECRET".to_owned(), Origin::Generated);
        Some(kept.better_auth_secret.clone().into())
    });
    let encryption = if encryption.is_empty() && !broken {
        let key = kept.as_ref().and_then(|kept| decode_key(&kept.bank_data_encryption_key));
        reader.origins.insert("BANK_DATA_ENCRYPTION_KEY".to_owned(), Origin::Generated);
        key.map(|key| NamedKey::new("1", key)).into_iter().collect()
    } else {
        encryption
    };

    if environment == Environment::Production {
        if auth.is_none() && !reader.problems.names("BETTER_AUTH_SECRET_FILE") {
            reader.problems.push("BETTER_AUTH_SECRET", MISSING);
        }
        if encryption.is_empty() && !broken {
            reader.problems.push("BANK_DATA_ENCRYPTION_KEY", MISSING);
        }
    }
    Secrets { auth: auth.unwrap_or_default(), encryption, index }
}

const MISSING: &str = "Production needs this secret. Make one with openssl rand -base64 32";

fn read_encryption(reader: &mut Reader<'_>) -> Vec<NamedKey> {
    let single = reader.secret("BANK_DATA_ENCRYPTION_KEY");
    let several = reader.secret("ENCRYPTION_KEYS");
    let keys = several.map_or(Ok(Vec::new()), |text| decode_keys(text.expose_secret()));
    let mut keys = keys.unwrap_or_else(|sentence| {
        reader.problems.push("ENCRYPTION_KEYS", sentence);
        Vec::new()
    });
    if let Some(text) = single {
        match decode_key(text.expose_secret()) {
            Some(_) if keys.iter().any(|key| key.id == "1") => reader
                .problems
                .push("ENCRYPTION_KEYS", "The id 1 belongs to BANK_DATA_ENCRYPTION_KEY."),
            Some(key) => keys.push(NamedKey::new("1", key)),
            None => reader.problems.push(
                "BANK_DATA_ENCRYPTION_KEY",
                "The value must be 32 bytes as base64 or 64 hexadecimal digits.",
            ),
        }
    }
    keys
}

fn read_index(reader: &mut Reader<'_>) -> Option<NamedKey> {
    let text = reader.secret("INDEX_KEY")?;
    let key = decode_key(text.expose_secret());
    if key.is_none() {
        reader
            .problems
            .push("INDEX_KEY", "The value must be 32 bytes as base64 or 64 hexadecimal digits.");
    }
    key.map(|key| NamedKey::new("index", key))
}

type Failure = (String, String);

/// The development secrets of `directory`, made on the first call.
fn keep(directory: &Path, random: &mut dyn FnMut(&mut [u8])) -> Result<Kept, Failure> {
    let of_directory = |sentence| ("DATA_DIR".to_owned(), sentence);
    data_dir::prepare(directory).map_err(of_directory)?;
    let path = directory.join(FILE);
    if !path.exists() {
        write_once(&path, &generate(random), random)
            .map_err(|error| of_directory(data_dir::sentence(directory, &error)))?;
    }
    read_kept(&path)
}

fn read_kept(path: &Path) -> Result<Kept, Failure> {
    let shown = path.display();
    let failure = |sentence: String| (shown.to_string(), sentence);
    let mode = fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777);
    match mode {
        Ok(0o400 | 0o600) => {}
        Ok(_) => return Err(failure(format!("Others may read this file. Run chmod 600 {shown}"))),
        Err(_) => return Err(failure("The file can't be read.".to_owned())),
    }
    let text =
        fs::read_to_string(path).map_err(|_| failure("The file can't be read.".to_owned()))?;
    let kept: Option<Kept> = toml::from_str(&text).ok();
    kept.filter(|kept| decode_key(&kept.bank_data_encryption_key).is_some()).ok_or_else(|| {
        failure(
            "The file is damaged. Restore it, or delete it together with the database.".to_owned(),
        )
    })
}

fn generate(random: &mut dyn FnMut(&mut [u8])) -> Kept {
    let mut secret = || {
        let mut bytes = [0; 32];
        random(&mut bytes);
        STANDARD.encode(bytes)
    };
    Kept { better_auth_secret: secret(), bank_data_encryption_key: secret() }
}

/// Writes the whole file or nothing. When two programs start at once, the first one's file stays.
fn write_once(path: &Path, kept: &Kept, random: &mut dyn FnMut(&mut [u8])) -> io::Result<()> {
    let mut suffix = [0; 8];
    random(&mut suffix);
    let draft: PathBuf = path.with_extension(format!("toml.{}", hex::encode(suffix)));
    let text = toml::to_string(kept).map_err(io::Error::other)?;

    let written =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).and_then(
            |mut file| {
                file.write_all(HEAD.as_bytes())?;
                file.write_all(text.as_bytes())?;
                file.sync_all()
            },
        );
    // A link, unlike a rename, never replaces what is there.
    let placed = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let removed = fs::remove_file(&draft);
    placed.and(removed)?;
    path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> impl FnMut(&mut [u8]) {
        let mut next = 0_u8;
        move |buffer: &mut [u8]| {
            for byte in buffer {
                next = next.wrapping_add(37);
                *byte = next;
            }
        }
    }

    #[test]
    fn development_secrets_are_made_once_readable_by_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();

        let first = keep(folder.path(), &mut counting()).unwrap();
        let second = keep(folder.path(), &mut |_| panic!("made a second time")).unwrap();

        assert_eq!(first.better_auth_secret, second.better_auth_secret);
        assert_eq!(first.bank_data_encryption_key, second.bank_data_encryption_key);
        assert_ne!(first.better_auth_secret, first.bank_data_encryption_key);
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn of_two_programs_that_start_at_once_the_first_one_wins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let (first, second) = (generate(&mut counting()), generate(&mut |b| b.fill(9)));

        write_once(&path, &first, &mut |b| b.fill(1)).unwrap();
        write_once(&path, &second, &mut |b| b.fill(2)).unwrap();

        assert_eq!(read_kept(&path).unwrap().better_auth_secret, first.better_auth_secret);
    }

    #[test]
    fn a_file_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        keep(folder.path(), &mut counting()).unwrap();
        let path = folder.path().join(FILE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();

        let (name, sentence) = keep(folder.path(), &mut counting()).err().unwrap();

        assert!(name.ends_with(FILE) && sentence.contains("chmod 600"), "{name}: {sentence}");
    }

    #[test]
    fn a_damaged_file_is_refused_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();

        assert!(keep(folder.path(), &mut counting()).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"");
    }
}
