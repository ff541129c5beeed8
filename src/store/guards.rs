//! What the two databases say in different words: triggers that keep the journal append-only. Set after every migration.

use diesel_async::SimpleAsyncConnection;

use super::{Conn, Result};

const SQLITE: &str = "
CREATE TRIGGER IF NOT EXISTS events_keep_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER IF NOT EXISTS events_keep_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER IF NOT EXISTS looks_keep_update BEFORE UPDATE ON looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;
CREATE TRIGGER IF NOT EXISTS looks_keep_delete BEFORE DELETE ON looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;
CREATE TRIGGER IF NOT EXISTS household_looks_keep_update BEFORE UPDATE ON household_looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;
CREATE TRIGGER IF NOT EXISTS household_looks_keep_delete BEFORE DELETE ON household_looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;
CREATE TRIGGER IF NOT EXISTS volunteer_looks_keep_update BEFORE UPDATE ON volunteer_looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;
CREATE TRIGGER IF NOT EXISTS volunteer_looks_keep_delete BEFORE DELETE ON volunteer_looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;
";

const POSTGRES: &str = "
CREATE OR REPLACE FUNCTION keep_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '% are append-only', TG_TABLE_NAME; END $$;
CREATE OR REPLACE TRIGGER events_keep BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION keep_append_only();
CREATE OR REPLACE TRIGGER looks_keep BEFORE UPDATE OR DELETE ON looks FOR EACH ROW EXECUTE FUNCTION keep_append_only();
CREATE OR REPLACE TRIGGER household_looks_keep BEFORE UPDATE OR DELETE ON household_looks FOR EACH ROW EXECUTE FUNCTION keep_append_only();
CREATE OR REPLACE TRIGGER volunteer_looks_keep BEFORE UPDATE OR DELETE ON volunteer_looks FOR EACH ROW EXECUTE FUNCTION keep_append_only();
";

pub(super) async fn set(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Pg(c) => c.batch_execute(POSTGRES).await?,
        Conn::Sqlite(c) => c.batch_execute(SQLITE).await?,
    }
    Ok(())
}
