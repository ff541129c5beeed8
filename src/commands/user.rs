//! `paotui user add|disable|password`: accounts. A password is never an argument, where every user of the machine and
//! the shell's history would see it: it is asked for at the terminal, or read from standard input.

use std::io::IsTerminal;
use std::process::{Command as Program, ExitCode, Stdio};

use anyhow::{Context, bail, ensure};

use super::{opened, screen, wall_clock};
use crate::config::Settings;
use crate::domain::actor::Role;
use crate::domain::ids::PersonId;
use crate::domain::text::Line;
use crate::domain::words::join_list;
use crate::flow::password;
use crate::store::{self, Db, people, sessions, sign_in_links, zones};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Adds an account; its password is asked for, or read from standard input.
    Add(Add),
    /// Closes an account; whoever is signed in with it is out at once.
    Disable { username: String },
    /// Sets a new password, asked for or read from standard input.
    Password { username: String },
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// The name to sign in with.
    username: String,
    /// The name people see.
    #[arg(long)]
    name: String,
    /// One or several of runner, desk, supervisor, district, admin, separated by commas.
    #[arg(long, required = true, value_delimiter = ',')]
    roles: Vec<Role>,
    /// Code of the zone the account belongs to.
    #[arg(long)]
    zone: String,
}

pub(super) async fn run(command: Command, settings: Settings) -> anyhow::Result<ExitCode> {
    let db = opened(&settings).await?;
    match command {
        Command::Add(add) => add_account(&db, add).await?,
        Command::Disable { username } => disable(&db, username).await?,
        Command::Password { username } => set_password(&db, username).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn add_account(db: &Db, add: Add) -> anyhow::Result<()> {
    super::import::check_username(&add.username).map_err(anyhow::Error::msg)?;
    let name = Line::parse(&add.name).context("--name")?;
    let code = add.zone.clone();
    let zone = db.read(async move |conn| zones::find(conn, &code).await).await?;
    let zone =
        zone.with_context(|| format!("there is no zone '{}': bring it in with `paotui import zones`", add.zone))?;
    let username = add.username.clone();
    let taken = db.read(async move |conn| people::find(conn, &username).await).await?;
    ensure!(taken.is_none(), "there is an account '{}' already", add.username);
    let person = people::NewPerson {
        id: PersonId::mint(),
        username: add.username.clone(),
        name: name.as_str().to_owned(),
        roles: join_list(&add.roles),
        zone_id: zone.id,
        skills: String::new(),
        password_hash: Some(new_password(&add.username)?),
        created_at: wall_clock(),
    };
    db.write(async move |conn| people::add(conn, person).await).await?;
    screen::say(&format!("added {} ({}) to zone {}", add.username, join_list(&add.roles), zone.code));
    Ok(())
}

async fn disable(db: &Db, username: String) -> anyhow::Result<()> {
    let (name, now) = (username.clone(), wall_clock());
    let found = db.write(async move |conn| people::disable(conn, &name, now).await).await?;
    ensure!(found, "there is no account '{username}'");
    screen::say(&format!("disabled {username}"));
    Ok(())
}

async fn set_password(db: &Db, username: String) -> anyhow::Result<()> {
    let name = username.clone();
    let account = db.read(async move |conn| people::find(conn, &name).await).await?;
    let Some(account) = account else { bail!("there is no account '{username}'") };
    let (name, hash, now) = (username.clone(), new_password(&username)?, wall_clock());
    // Whoever signed in with the old one, or holds a link, is out.
    let found = db.write::<_, store::Error, _>(async move |conn| {
        people::lock(conn, account.id).await?;
        sign_in_links::end_all(conn, account.id, now).await?;
        sessions::revoke_all(conn, &name, now).await?;
        people::set_password(conn, &name, &hash).await
    });
    let found = found.await?;
    ensure!(found, "there is no account '{username}' any more");
    screen::say(&format!("password of {username} set"));
    Ok(())
}

/// The hash of a password typed twice at the terminal, or of the first line of standard input.
fn new_password(username: &str) -> anyhow::Result<String> {
    let password = if std::io::stdin().is_terminal() {
        let _quiet = Quiet::begin();
        let first = asked(&format!("New password for {username}: "))?;
        let again = asked("The same again: ")?;
        ensure!(first == again, "the two were not the same; nothing is changed");
        first
    } else {
        first_line()?
    };
    Ok(password::hash(&password)?)
}

fn asked(question: &str) -> anyhow::Result<String> {
    screen::ask(question);
    let answer = first_line();
    screen::tell("");
    answer
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("standard input cannot be read as text")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password was given: type it when asked, or pipe it in as one line");
    }
    Ok(password.to_owned())
}

/// While this lives the terminal does not show what is typed. `stty` does it, so that no crate has to;
/// where there is none, the password shows and is taken all the same.
struct Quiet;

impl Quiet {
    fn begin() -> Self {
        echo("-echo");
        Self
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        echo("echo");
    }
}

fn echo(state: &str) {
    let done = Program::new("stty").arg(state).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    if !done.is_ok_and(|status| status.success()) && state == "-echo" {
        screen::tell("(this terminal will show what you type)");
    }
}
