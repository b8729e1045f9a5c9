# Sourced by .ci/embedded and .ci/panic-free: finds the tools for targets without an operating
# system, and installs what is missing where that is Debian.
#
# Where `rustup target add TARGET` has been done, that is taken. Where not, it is Debian's rustc
# with the sources of core that belong to it.

# A tool of LLVM by its plain name, whatever version it has.
llvm_tool() {
    local name
    for name in "$1-22" "$1"; do
        if command -v "$name"; then return; fi
    done
    echo "$1-22"
}

has_target() {
    [ -d "$(rustc --print target-libdir --target "$1" 2> /dev/null)" ]
}

# How the targets are built: `rustup` or `debian`.
pick_rust() { # targets
    local target
    built_by=rustup
    for target; do
        has_target "$target" || built_by=debian
    done
    if [ "$built_by" = debian ] && ! [ -d /usr/lib/rustlib/src/rust/library ]; then
        .ci/debian -- rustc-web rust-web-src
    fi
    command -v "$(llvm_tool ld.lld)" > /dev/null || .ci/debian ld.lld-22 -- lld-22
    command -v "$(llvm_tool llvm-nm)" > /dev/null || .ci/debian llvm-nm-22 -- llvm-22
    ld_lld=$(llvm_tool ld.lld)
}

# cargo for such a target: `target_cargo build --target ...`
target_cargo() {
    if [ "$built_by" = rustup ]; then
        CARGO_TARGET_THUMBV6M_NONE_EABI_LINKER=$ld_lld cargo "$@"
    else
        # rustup's rustc comes first in PATH, and the sources are not its own.
        RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_THUMBV6M_NONE_EABI_LINKER=$ld_lld \
            CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(llvm_tool wasm-ld) cargo -Zbuild-std=core "$@"
    fi
}
