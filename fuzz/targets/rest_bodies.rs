//! The fuzzer's way into [`fuzz::rest_bodies`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::rest_bodies(input));
