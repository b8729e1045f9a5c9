# Where the clients come from: Debian, PyPI and npm.

# Debian's servers are there, which is not in every user's PATH.
PATH=$PATH:/usr/sbin

# Says nothing, unless the command fails.
quietly() { # command
    local output
    output=$("$@" 2>&1) || { echo "$output" >&2; return 1; }
}

debian() { # command, the packages that it is in
    command -v "$1" > /dev/null || quietly install_packages "${@:2}"
}
install_packages() ( # packages
    # Debian starts a server when it installs it: not this time.
    policy=/usr/sbin/policy-rc.d
    if ! [ -e $policy ]; then
        trap 'rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101\n' > $policy
        chmod +x $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends "$@"
)

# A virtual environment with that package; its interpreter is $python.
pypi() { # NAME==VERSION
    local environment=$tools/$1
    python=$environment/bin/python
    [ ! -e "$environment/complete" ] || return 0
    debian python3 python3
    python3 -c 'import ensurepip' 2> /dev/null || quietly install_packages python3-venv
    quietly python3 -m venv --clear "$environment"
    quietly "$python" -m pip install "$1"
    touch "$environment/complete"
}

# A package for `require` in Node.js.
npm_package() { # NAME@VERSION
    debian npm npm
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
