//! The fuzzer's way into [`fuzz::fold`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz::fold(input));
