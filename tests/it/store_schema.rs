//! One migration folder, two databases: both must end up with the same tables, columns, indexes and references,
//! and `src/store/schema.rs` must say the same.
//!
//! Each side is asked for plain lines such as `errands.fence bigint not null`; then the lines are compared.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use paotui::store::Db;
use tokio_postgres::{NoTls, SimpleQueryMessage};

type Lines = BTreeSet<String>;

/// What one database has.
struct Shape {
    columns: Lines,
    indexes: Lines,
    references: Lines,
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_shape() {
    let Some(server) = server() else {
        println!("skipped: PAOTUI_TEST_POSTGRES is not set");
        return;
    };
    let (sqlite, postgres) = (sqlite_shape().await, postgres_shape(&server).await);
    same("columns", &sqlite.columns, &postgres.columns);
    same("indexes", &sqlite.indexes, &postgres.indexes);
    same("references", &sqlite.references, &postgres.references);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_knows_the_tables_as_they_are() {
    let made: Lines = sqlite_shape().await.columns.iter().map(|line| without_type(line)).collect();
    let known = columns_of(concat!(
        include_str!("../../src/store/schema.rs"),
        include_str!("../../src/store/schema/ladder.rs"),
        include_str!("../../src/store/schema/answers.rs"),
        include_str!("../../src/store/schema/desk.rs"),
        include_str!("../../src/store/schema/following.rs"),
        include_str!("../../src/store/schema/learned.rs"),
        include_str!("../../src/store/schema/ledger.rs"),
        include_str!("../../src/store/schema/memory.rs"),
        include_str!("../../src/store/schema/proving.rs"),
        include_str!("../../src/store/schema/sealing.rs"),
        include_str!("../../src/store/schema/clocks.rs"),
        include_str!("../../src/store/schema/joining_up.rs")
    ));
    same("columns", &known, &made);
    assert!(made.len() > 100, "nothing was compared");
}

fn same(what: &str, left: &Lines, right: &Lines) {
    let (only_left, only_right): (Vec<_>, Vec<_>) =
        (left.difference(right).collect(), right.difference(left).collect());
    assert!(
        only_left.is_empty() && only_right.is_empty(),
        "{what} differ\n only one: {only_left:#?}\n only other: {only_right:#?}"
    );
}

/// `errands.fence bigint not null` → `errands.fence not null`.
fn without_type(line: &str) -> String {
    let name = line.split(' ').next().unwrap_or_default();
    if line.ends_with("not null") { format!("{name} not null") } else { name.to_owned() }
}

/// The columns that the `table!` blocks of a source declare.
fn columns_of(source: &str) -> Lines {
    let mut table = String::new();
    let mut found = Lines::new();
    for line in source.lines().map(str::trim) {
        if let Some((column, kind)) = line.split_once(" -> ").filter(|(column, _)| !column.contains('(')) {
            let ending = if kind.starts_with("Nullable<") { "" } else { " not null" };
            found.insert(format!("{table}.{column}{ending}"));
        } else if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            name.clone_into(&mut table);
        }
    }
    found
}

const OURS: &str = "m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'";

async fn sqlite_shape() -> Shape {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paotui.db").display().to_string();
    Db::open(&format!("sqlite://{file}")).unwrap().migrate().await.unwrap();
    let mut conn = SqliteConnection::establish(&file).unwrap();
    let mut ask = |line: &str, from: &str| -> Lines {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = Text)]
            line: String,
        }
        let query = format!("SELECT {line} AS line FROM sqlite_master m JOIN {from} WHERE {OURS}");
        diesel::sql_query(query).load::<Line>(&mut conn).unwrap().into_iter().map(|row| row.line).collect()
    };
    Shape {
        columns: ask(
            "m.name || '.' || c.name || ' ' || lower(c.type) || CASE c.\"notnull\" WHEN 1 THEN ' not null' ELSE '' END",
            "pragma_table_info(m.name) c",
        ),
        // Indexes that stand for a constraint have made-up names on SQLite: they go by what they are.
        indexes: ask(
            "m.name || ' ' || CASE i.origin WHEN 'c' THEN i.name ELSE i.origin END \
             || CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END || CASE i.partial WHEN 1 THEN ' partial' ELSE '' END \
             || ' (' || (SELECT group_concat(x.name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) x) || ')'",
            "pragma_index_list(m.name) i",
        ),
        references: ask(
            "m.name || '.' || f.\"from\" || ' to ' || f.\"table\" || '.' || coalesce(f.\"to\", 'id')",
            "pragma_foreign_key_list(m.name) f",
        ),
    }
}

const PG_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' '
        || CASE data_type WHEN 'timestamp with time zone' THEN 'timestamptz' ELSE data_type END
        || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'";

const PG_INDEXES: &str = "
    SELECT t.relname || ' ' || CASE WHEN i.indisprimary THEN 'pk' WHEN c.oid IS NOT NULL THEN 'u' ELSE x.relname END
        || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END
        || ' (' || (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (num, place)
                    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num) || ')'
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace LEFT JOIN pg_constraint c ON c.conindid = x.oid AND c.contype = 'u'
    WHERE n.nspname = 'public' AND t.relname <> '__diesel_schema_migrations'";

const PG_REFERENCES: &str = "
    SELECT t.relname || '.' || a.attname || ' to ' || r.relname || '.' || b.attname
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
    JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f'";

async fn postgres_shape(server: &str) -> Shape {
    let name = format!("shape_{}", std::process::id());
    let admin = client(server).await;
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    Db::open(&url).unwrap().migrate().await.unwrap();
    let ours = client(&url).await;
    let shape = Shape {
        columns: lines(&ours, PG_COLUMNS).await,
        indexes: lines(&ours, PG_INDEXES).await,
        references: lines(&ours, PG_REFERENCES).await,
    };
    admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    shape
}

async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn lines(client: &tokio_postgres::Client, query: &str) -> Lines {
    let answers = client.simple_query(query).await.unwrap();
    let first = |answer: SimpleQueryMessage| match answer {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    answers.into_iter().filter_map(first).collect()
}

#[allow(clippy::disallowed_methods, reason = "tests learn from the environment where their servers are")]
fn server() -> Option<String> {
    std::env::var("PAOTUI_TEST_POSTGRES").ok()
}
