//! The fuzzer's way into [`fuzz::mentions`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::mentions(input));
