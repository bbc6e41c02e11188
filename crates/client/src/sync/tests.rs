//! The rules of sync one by one, and against a model server with random cuts, crashes and restores.

mod acting;
mod checks;
mod device;
mod folding;
mod line;
mod log;
mod model;
mod random;
mod rounds;
mod rules;
mod unknown;
mod upkeep;
mod waiting;
