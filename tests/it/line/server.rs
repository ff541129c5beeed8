//! A private redis-server: a free port, nothing kept on disk, ended by its own child handle and no other way.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub struct RedisServer {
    child: Option<Child>,
    pub port: u16,
    extra: Vec<String>,
    folder: tempfile::TempDir,
}

impl RedisServer {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(extra: &[&str]) -> Self {
        for _ in 0..5 {
            let mut server = Self::not_started(extra);
            if server.begin() {
                return server;
            }
        }
        panic!("redis-server does not start; is it installed (apt-get install -y redis-server)?");
    }

    /// A server whose port is chosen and free, to be begun later.
    pub fn not_started(extra: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        Self { child: None, port, extra: extra.iter().map(ToString::to_string).collect(), folder }
    }

    /// Starts it, on the same port as before. False when it does not come up (somebody took the port).
    pub fn begin(&mut self) -> bool {
        self.spawn(&[]);
        let patience = Instant::now() + Duration::from_secs(10);
        while Instant::now() < patience {
            let ended = self.child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some());
            if ended {
                return false;
            }
            if self.connection().is_ok_and(|mut c| redis::cmd("PING").query::<String>(&mut c).is_ok()) {
                return true;
            }
            sleep(Duration::from_millis(10));
        }
        false
    }

    /// Starts it without waiting until it answers.
    pub fn spawn(&mut self, more: &[&str]) {
        let port = self.port.to_string();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no", "--dir"])
            .arg(self.folder.path())
            .args(["--enable-debug-command", "yes"])
            .args(&self.extra)
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        self.child = Some(child);
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// kill -9, at once.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// `STOP` freezes it, so that it accepts and never answers; `CONT` lets it go on.
    pub fn signal(&self, name: &str) {
        let pid = self.child.as_ref().expect("running").id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Takes away the folder it would save to.
    pub fn lose_folder(&self) {
        std::fs::remove_dir_all(self.folder.path()).unwrap();
    }

    /// Asks the server something beside the line.
    pub fn ask(&self, words: &str) -> redis::RedisResult<redis::Value> {
        let mut command = redis::Cmd::new();
        command.arg(words.split(' ').collect::<Vec<_>>());
        command.query(&mut self.connection()?)
    }

    pub fn connection(&self) -> redis::RedisResult<redis::Connection> {
        redis::Client::open(self.url())?.get_connection_with_timeout(Duration::from_secs(2))
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}
