# Where the clients come from: Debian, PyPI and npm.

# Debian's servers are there, which is not in every user's PATH.
PATH=$PATH:/usr/sbin

# Says nothing, unless the command fails.
quietly() { # command
    local output
    output=$("$@" 2>&1) || { echo "$output" >&2; return 1; }
}

# A virtual environment with that package; its interpreter is $python.
pypi() { # NAME==VERSION
    local environment=$tools/$1
    python=$environment/bin/python
    [ ! -e "$environment/complete" ] || return 0
    .ci/debian python3
    python3 -c 'import ensurepip' 2> /dev/null || .ci/debian -- python3-venv
    quietly python3 -m venv --clear "$environment"
    quietly "$python" -m pip install "$1"
    touch "$environment/complete"
}

# A package for `require` in Node.js.
npm_package() { # NAME@VERSION
    .ci/debian npm
    from_npm "$1"
    export NODE_PATH=$tools/$1/node_modules
    # Debian 12 has Node.js 18.
    if node -e 'process.exit(parseInt(process.versions.node) < 20 ? 0 : 1)'; then
        from_npm node@22.23.3
        PATH=$tools/node@22.23.3/node_modules/.bin:$PATH
    fi
}
from_npm() { # NAME@VERSION
    local directory=$tools/$1
    [ ! -e "$directory/complete" ] || return 0
    mkdir -p "$directory"
    quietly npm install --prefix "$directory" --no-save --no-package-lock --no-audit --no-fund "$1"
    touch "$directory/complete"
}
