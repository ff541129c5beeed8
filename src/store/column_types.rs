//! How domain values are written in columns, once for both backings.
//!
//! `Uid` is a native uuid on PostgreSQL and 16 bytes on SQLite; `Ts` a timestamptz and whole microseconds since 1970;
//! words are TEXT.

use std::io::Write;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Nullable, SqlType, Text};
use diesel::sqlite::Sqlite;

use crate::domain::actor::ActorRole;
use crate::domain::alarm::Rung;
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::fetched::{Consent, Got};
use crate::domain::ids::{
    AlarmId, AssignmentId, BuildingId, ClockPauseId, ErrandId, EventId, FollowUpId, HouseholdId, ItemId, LetterId,
    NoticeId, OfferId, OutlayId, OutreachId, PersonId, PhotoId, PlaceId, ProofId, QuestionId, ReceiptId, RecurrenceId,
    RequestId, RotaId, SealId, SessionId, SettlementId, SightingId, SignInLinkId, StepId, SubjectId, SupplyId,
    TargetId, TellingId, TripId, VolunteerId, ZoneId,
};
use crate::domain::item::Substitution;
use crate::domain::learning::What;
use crate::domain::letter::LetterKind;
use crate::domain::money::How;
use crate::domain::offer::{Kind, OfferState};
use crate::domain::pause::PauseReason;
use crate::domain::place::PlaceKind;
use crate::domain::proof::Proved;
use crate::domain::question::{About, Choice};
use crate::domain::request::{AskingFor, Category, Channel, HandOver};
use crate::domain::seal::Seal;
use crate::domain::silence::Outcome;
use crate::domain::stock::Found;
use crate::domain::urgency::{Urgency, UrgencyReason};
use crate::domain::volunteer::Standing;
use crate::domain::{follow_up, recurrence};

#[derive(SqlType, Debug, Clone, Copy, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
pub struct Uid;

#[derive(SqlType, Debug, Clone, Copy, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Long"))]
pub struct Ts;

/// Every SQL type the tables are made of, for `schema`.
pub mod sql {
    pub use diesel::sql_types::{BigInt, Binary, Bool, Double, Integer, Nullable, Text};

    pub use super::{Ts, Uid};
}

/// Lets a domain type stand where a column of `$sql` is expected, and be read from one.
macro_rules! column {
    ($type:ty, $sql:ty) => {
        impl AsExpression<$sql> for $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'e> AsExpression<$sql> for &'e $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<$sql>> for $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'e> AsExpression<Nullable<$sql>> for &'e $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<DB> ToSql<Nullable<$sql>, DB> for $type
        where
            DB: Backend,
            Self: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<$sql, DB>::to_sql(self, out)
            }
        }
        impl<DB> Queryable<$sql, DB> for $type
        where
            DB: Backend,
            Self: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

macro_rules! id_columns {
    ($($id:ty),+) => {$(
        column!($id, Uid);

        impl ToSql<Uid, Pg> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.uuid().as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl ToSql<Uid, Sqlite> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.uuid().as_bytes().to_vec());
                Ok(IsNull::No)
            }
        }
        impl FromSql<Uid, Pg> for $id {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self::from_uuid(uuid::Uuid::from_slice(value.as_bytes())?))
            }
        }
        impl FromSql<Uid, Sqlite> for $id {
            fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                Ok(Self::from_uuid(uuid::Uuid::from_slice(&bytes)?))
            }
        }
    )+};
}

id_columns!(
    ZoneId,
    SealId,
    BuildingId,
    PlaceId,
    PersonId,
    HouseholdId,
    RequestId,
    ItemId,
    ErrandId,
    OfferId,
    TripId,
    AssignmentId,
    EventId,
    LetterId,
    SessionId,
    SubjectId,
    SightingId,
    PhotoId,
    ProofId,
    QuestionId,
    OutreachId,
    SupplyId,
    NoticeId,
    VolunteerId,
    SignInLinkId,
    ReceiptId,
    OutlayId,
    SettlementId,
    FollowUpId,
    RecurrenceId,
    AlarmId,
    StepId,
    TellingId,
    RotaId,
    TargetId,
    ClockPauseId
);

/// PostgreSQL counts from 2000-01-01.
const PG_EPOCH_US: i64 = 946_684_800_000_000;

column!(At, Ts);

impl ToSql<Ts, Pg> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.0.saturating_sub(PG_EPOCH_US).to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl ToSql<Ts, Sqlite> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0);
        Ok(IsNull::No)
    }
}
impl FromSql<Ts, Pg> for At {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Pg>>::from_sql(value)?;
        Ok(Self(micros.saturating_add(PG_EPOCH_US)))
    }
}
impl FromSql<Ts, Sqlite> for At {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <i64 as FromSql<BigInt, Sqlite>>::from_sql(value).map(Self)
    }
}

macro_rules! word_columns {
    ($($word:ty),+) => {$(
        column!($word, Text);

        impl<DB> ToSql<Text, DB> for $word
        where
            DB: Backend,
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<Text, DB>::to_sql(self.as_str(), out)
            }
        }
        impl<DB> FromSql<Text, DB> for $word
        where
            DB: Backend,
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(String::from_sql(value)?.parse::<Self>()?)
            }
        }
    )+};
}

word_columns!(
    State,
    Step,
    Proved,
    Urgency,
    UrgencyReason,
    Category,
    AskingFor,
    HandOver,
    Channel,
    Substitution,
    Seal,
    PlaceKind,
    OfferState,
    Kind,
    ActorRole,
    LetterKind,
    What,
    Found,
    About,
    Choice,
    Outcome,
    Got,
    Consent,
    Standing,
    How,
    PauseReason,
    Rung,
    follow_up::Kind,
    follow_up::Standing,
    follow_up::Outcome,
    recurrence::Standing
);
