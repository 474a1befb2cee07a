//! The data directory: made when missing, tried before anything depends on it.

use std::{
    fs::{DirBuilder, File},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

/// More than a file system keeps aside for small files, so that a full disk shows.
const TRIAL_BYTES: [u8; 16 * 1024] = [0; 16 * 1024];

/// Makes `directory` (mode 0700) if it is missing and proves that it can be written.
///
/// # Errors
/// One sentence that names the directory, what is wrong and what to do.
pub fn prepare(directory: &Path) -> Result<(), String> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| sentence(directory, &error))?;
    let trial = directory.join(format!(".trial-{}", std::process::id()));
    let written = File::create(&trial).and_then(|mut file| {
        file.write_all(&TRIAL_BYTES)?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&trial);
    written.and(removed).map_err(|error| sentence(directory, &error))
}

/// The sentence for a failed write in `directory`.
pub fn sentence(directory: &Path, error: &io::Error) -> String {
    let shown = directory.display();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("No space is left for the data directory {shown}. Free some, or set another.")
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            format!("The data directory {shown} is read-only. Set a directory that can be written.")
        }
        io::ErrorKind::PermissionDenied => format!(
            "The data directory {shown} can't be written by this user. Change its owner, or set another."
        ),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            format!("The data directory {shown} is not a directory. Set another path.")
        }
        _ => format!("The data directory {shown} can't be used ({error}). Set another path."),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_missing_directory_is_made_for_its_owner_alone_and_left_empty() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("a/b");

        prepare(&directory).unwrap();

        assert_eq!(fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_the_way_is_one_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("data");
        fs::write(&directory, "").unwrap();

        let sentence = prepare(&directory).unwrap_err();

        assert!(sentence.contains("is not a directory"), "{sentence}");
    }

    #[test]
    fn a_place_where_nothing_can_be_made_is_one_sentence() {
        let sentence = prepare(Path::new("/proc/coffer")).unwrap_err();
        assert!(
            sentence.starts_with("The data directory /proc/coffer can't be used"),
            "{sentence}"
        );
    }

    #[test]
    fn full_and_read_only_disks_have_their_own_sentence() {
        let said = |kind: io::ErrorKind| sentence(Path::new("/data"), &kind.into());
        assert!(said(io::ErrorKind::StorageFull).starts_with("No space is left"));
        assert!(said(io::ErrorKind::ReadOnlyFilesystem).contains("is read-only"));
        assert!(said(io::ErrorKind::PermissionDenied).contains("can't be written by this user"));
    }
}
