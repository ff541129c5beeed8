//! Who acts.

use super::ids::{PersonId, PlaceId, RequestId, ZoneId};
use super::words::word;

word! {
    Role { Runner = "runner", Desk = "desk", Supervisor = "supervisor", District = "district", Admin = "admin" }
}
word! {
    /// In which capacity an event was caused. Events carry this and an id, never a name.
    ActorRole {
        Resident = "resident",
        Runner = "runner",
        Desk = "desk",
        Supervisor = "supervisor",
        Admin = "admin",
        /// A shop, by its own link: what it tells about its shelves.
        Shop = "shop",
        Service = "service",
    }
}
word! {
    Skill { Medicine = "medicine", EBike = "e-bike", ColdChain = "cold_chain", Cart = "cart" }
}

/// A signed-in person. The same account may hold several roles: "both commander and waiter".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub zone: ZoneId,
    pub roles: Vec<Role>,
}

impl Person {
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The role whose page the person sees first after signing in.
    #[must_use]
    pub fn main_role(&self) -> Role {
        Role::main_of(&self.roles)
    }
}

impl Role {
    /// Of several, the one a person mainly acts in.
    #[must_use]
    pub fn main_of(roles: &[Self]) -> Self {
        let order = [Self::Supervisor, Self::District, Self::Admin, Self::Desk, Self::Runner];
        order.into_iter().find(|role| roles.contains(role)).unwrap_or(Self::Runner)
    }
}

/// Whoever calls: everybody at the two doors is one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Anyone,
    /// Holds the tracking link of this request.
    Holder(RequestId),
    /// Holds the link of this place: a shop speaking for itself.
    Shop(PlaceId),
    Person(Person),
    /// The service itself: sweeps, dispatch, relay.
    Service,
}

/// The part of an actor an event remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    pub role: ActorRole,
    pub id: Option<PersonId>,
}

impl Trace {
    pub const SERVICE: Self = Self { role: ActorRole::Service, id: None };
    pub const RESIDENT: Self = Self { role: ActorRole::Resident, id: None };
    /// Which shop is told by what it is about: only a shop itself has its link.
    pub const SHOP: Self = Self { role: ActorRole::Shop, id: None };

    #[must_use]
    pub const fn runner(id: PersonId) -> Self {
        Self { role: ActorRole::Runner, id: Some(id) }
    }

    /// A person acting as staff: the highest of desk, supervisor, admin that the person holds.
    #[must_use]
    pub fn staff(person: &Person) -> Self {
        let role = match person.main_role() {
            Role::Supervisor | Role::District => ActorRole::Supervisor,
            Role::Admin => ActorRole::Admin,
            Role::Desk => ActorRole::Desk,
            Role::Runner => ActorRole::Runner,
        };
        Self { role, id: Some(person.id) }
    }
}

/// As little of a name as is polite: surname and 师傅 of a Chinese name, the first word of another.
#[must_use]
pub fn form_of_address(name: &str) -> String {
    match name.chars().next() {
        Some(surname) if ('\u{4E00}'..='\u{9FFF}').contains(&surname) => format!("{surname}师傅"),
        _ => name.split_whitespace().next().unwrap_or_default().to_owned(),
    }
}
