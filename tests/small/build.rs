//! Has the library read as where processors are small.

fn main() {
    println!("cargo:rustc-cfg=http_conditional_small");
    println!("cargo:rerun-if-changed=build.rs");
}
