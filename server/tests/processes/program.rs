//! Starts the real program on a database of its own.

use std::{
    net::TcpListener,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use backend::{
    db::DbSettings,
    testing::{self, TestDb},
};
use secrecy::ExposeSecret;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
    time::timeout,
};

/// A process that does nothing for so long hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// What every start of one test has in common.
pub struct Home {
    folder: TempDir,
    database_url: String,
}

impl Home {
    pub fn on(db: &TestDb) -> Self {
        let database_url = match &db.settings {
            DbSettings::Sqlite { path } => format!("sqlite://{}", path.display()),
            DbSettings::Postgres { urls, .. } => urls.migrate.expose_secret().to_owned(),
        };
        Self { folder: TempDir::with_prefix("coffer-home-").unwrap(), database_url }
    }

    /// `coffer` with `arguments`, in an environment that holds nothing from outside.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coffer"));
        command
            .args(arguments)
            .env_clear()
            .current_dir(self.folder.path())
            .env("COFFER_ENV", "test")
            .env("LOG_FORMAT", "json")
            .env("AUTH_RATE_LIMIT", "off")
            .env("DATABASE_URL", &self.database_url)
            .env("DATA_DIR", self.data_dir())
            // Jobs that the test enqueues are sealed with the key of its own backend.
            .env("BANK_DATA_ENCRYPTION_KEY", testing::encryption_key())
            .env("POLAR_WEBHOOK_SECRET", testing::WEBHOOK_SECRET)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    pub fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `coffer serve`, ready for requests.
    pub async fn serve(&self) -> Program {
        self.serve_with(&["serve"]).await
    }

    /// The same by these arguments.
    pub async fn serve_with(&self, arguments: &[&str]) -> Program {
        let port = free_port();
        let mut command = self.command(arguments);
        command.env("BIND", format!("127.0.0.1:{port}"));
        let mut program = Program::start(command, port);
        program.wait_for_line("Coffer is ready").await;
        program
    }

    /// `coffer worker`, at work.
    pub async fn worker(&self) -> Program {
        let mut program = Program::start(self.command(&["worker"]), 0);
        program.wait_for_line("working on the queue").await;
        program
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running process.
pub struct Program {
    pub port: u16,
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    seen: Vec<String>,
}

impl Program {
    fn start(mut command: Command, port: u16) -> Self {
        let mut child = command.spawn().unwrap();
        let (sender, lines) = mpsc::unbounded_channel();
        forward(child.stdout.take().unwrap(), sender.clone());
        forward(child.stderr.take().unwrap(), sender);
        Self { port, child, lines, seen: Vec::new() }
    }

    /// Waits until the process has written a line that contains `text`.
    pub async fn wait_for_line(&mut self, text: &str) {
        loop {
            match timeout(PATIENCE, self.lines.recv()).await {
                Ok(Some(line)) => {
                    self.seen.push(line);
                    if self.seen.last().is_some_and(|line| line.contains(text)) {
                        return;
                    }
                }
                _ => panic!("the process never wrote {text:?}, but\n{}", self.seen.join("\n")),
            }
        }
    }

    /// SIGKILL: nothing in the process gets to run any more.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM.
    pub async fn terminate(&self) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(sent.success());
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> ExitStatus {
        timeout(PATIENCE, self.child.wait()).await.expect("the process ends").unwrap()
    }
}

fn forward(from: impl AsyncRead + Send + Unpin + 'static, to: mpsc::UnboundedSender<String>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(from).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            // After the end of the test nobody listens.
            let _ = to.send(line);
        }
    });
}

/// What a process that ended by itself left behind.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    /// What it wrote to the standard error besides its log.
    pub sentences: Vec<String>,
}

/// Runs a command to its end.
pub async fn run(mut command: Command) -> Ended {
    let output = timeout(PATIENCE, command.output()).await.expect("the process ends").unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        sentences: stderr
            .lines()
            .filter(|line| !line.starts_with('{'))
            .map(str::to_owned)
            .collect(),
    }
}
