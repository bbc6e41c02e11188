//! The rules of sync one by one, and against a model server with random cuts, crashes and restores.

mod checks;
mod device;
mod folding;
mod line;
mod model;
mod random;
mod rounds;
mod rules;
mod unknown;
mod waiting;
