//! The state on disk: one JSON file, replaced whole.

use std::path::Path;

use crate::{model::World, shared::Shared};

/// Reads the state; without a file it is empty.
pub fn load(path: &Path) -> Result<World, std::io::Error> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(World::default()),
        Err(error) => Err(error),
    }
}

/// There is something that a file should have.
pub fn wants_saving(shared: &Shared) -> bool {
    shared.state_file.is_some() && shared.lock().dirty
}

/// Writes the state if it changed since the last time.
pub async fn save_if_changed(shared: &Shared) {
    let Some(path) = shared.state_file.clone() else { return };
    let world = {
        let mut engine = shared.lock();
        if !std::mem::take(&mut engine.dirty) {
            return;
        }
        engine.world.clone()
    };
    let saved = tokio::task::spawn_blocking(move || save(&path, &world)).await;
    if let Ok(Err(error)) = saved {
        tracing::warn!(error = &error as &dyn std::error::Error, "state not saved");
    }
}

/// Beside the file first, then over it: nobody ever reads half a state.
fn save(path: &Path, world: &World) -> Result<(), std::io::Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    std::fs::write(&beside, serde_json::to_vec(world)?)?;
    std::fs::rename(beside, path)
}
