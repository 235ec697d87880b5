#!/bin/sh
# Sets this checkout up from its lock files: deploy/setup.sh run|dev|pages|clients|bench. `make` calls it when a lock file has changed.
#
# Nothing here is chosen on the day: parts are installed without asking for their dependencies (the locks hold all of
# them; `pip check` says so afterwards), so no newer release on the index can change or break the result, and the one
# part that comes as source is built with the locked setuptools instead of the newest.
set -eu
cd "$(dirname "$0")/.."

WHAT=${1:?run, dev, pages, clients or bench}
VENV=.venv
SOURCE_PARTS=jieba # published as source only; everything else must be a wheel: nothing is compiled here
OLDEST=11 NEWEST=14 # Python 3.x: the newest for which every part has a wheel
LOG=

# Two lines: what to do, for either reader. What the tool itself said stands in the log.
fail() {
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

is_fit() {
    "$1" -c "import sys; sys.exit(not (3, $OLDEST) <= sys.version_info[:2] <= (3, $NEWEST))" 2>/dev/null
}

find_python() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_fit "$python"; then
            echo "$python"
            return
        fi
    done
    return 1
}

make_venv() {
    is_fit "$1/bin/python" && "$1/bin/python" -m pip --version >/dev/null 2>&1 && return
    python=$(find_python) || fail \
        "Python 3.$OLDEST to 3.$NEWEST is needed: install it (Debian: apt-get install python3 python3-venv), or make PYTHON=/path/to/python3" \
        "需要 Python 3.$OLDEST 到 3.$NEWEST：请先安装（Debian：apt-get install python3 python3-venv），或用 make PYTHON=/路径/python3 指定"
    rm -rf "$1" # half made, moved, or of another Python
    "$python" -m venv "$1" >/dev/null 2>&1 || {
        rm -rf "$1"
        fail \
            "No virtual environment could be made in this folder: install venv (Debian: apt-get install python3-venv), and see that the disk is writable and not full" \
            "这个文件夹里建不了虚拟环境：请安装 venv（Debian：apt-get install python3-venv），并看看磁盘是否可写、有没有满"
    }
}

pip_install() { # VENV LOCK...
    env -u PIP_TARGET -u PIP_PREFIX -u PIP_USER -u PIP_REQUIRE_VIRTUALENV "$1/bin/python" -m pip install --quiet \
        --disable-pip-version-check --no-input --no-deps --require-hashes --no-build-isolation --use-pep517 \
        --only-binary=:all: --no-binary="$SOURCE_PARTS" --requirement "$2" >>"$LOG" 2>&1 || say_why
}

say_why() {
    if grep -qi 'no space left' "$LOG"; then
        fail "The disk is full: free 1 GB and run the same command again" "磁盘满了：请腾出 1 GB，再运行一次同样的命令"
    elif grep -qi 'do not match the hashes' "$LOG"; then
        fail \
            "What the package index sent is not what is locked (see $LOG): run it again, or use another index" \
            "软件源给的包和锁定的不一致（见 $LOG）：请再运行一次，或换一个软件源"
    elif grep -qiE 'could not fetch|connection|timed out|temporary failure|getaddrinfo|unreachable|proxy|ssl|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN' "$LOG"; then
        fail \
            "The package index did not answer (see $LOG): check network or proxy and run the same command again" \
            "连不上软件源（见 $LOG）：请检查网络或代理，再运行一次同样的命令"
    elif grep -qi 'no matching distribution\|from versions' "$LOG"; then
        fail \
            "The package index lacks a locked part for this machine (see $LOG): use a full index, or Python 3.$OLDEST to 3.$NEWEST on Linux" \
            "软件源里缺少本机要用的包（见 $LOG）：请换完整的软件源，或在 Linux 上用 Python 3.$OLDEST 到 3.$NEWEST"
    fi
    fail "Setting up failed (see $LOG): run 'make clean', then the same command again" \
        "安装没有成功（见 $LOG）：请先运行 make clean，再运行一次同样的命令"
}

install_python() { # VENV LOCK
    make_venv "$1"
    LOG=$1/setup.log
    : >"$LOG"
    pip_install "$1" requirements-build.lock
    pip_install "$1" "$2"
    "$1/bin/python" -m pip check >>"$LOG" 2>&1 || say_why
}

install_npm() { # FOLDER
    LOG=$VENV/setup-$WHAT.log
    : >"$LOG"
    # Without npm on the machine a wheel brings Node.js and npm into the virtual environment.
    command -v npm >/dev/null || test -x $VENV/bin/npm || pip_install $VENV requirements-node.lock
    PATH="$PATH:$PWD/$VENV/bin" npm ci --prefix "$1" --ignore-scripts --loglevel=error >>"$LOG" 2>&1 || say_why
}

case $WHAT in
    run) echo '正在安装运行所需的部分… (installing what running needs)' && install_python $VENV requirements.lock ;;
    dev) echo '正在安装测试和检查所需的部分… (installing what tests and linters need)' && install_python $VENV requirements-dev.lock ;;
    pages) echo '正在获取网页所需的部分… (fetching the page parts)' && install_npm . ;;
    clients) echo '正在获取测试用的别家客户端… (fetching the clients of others, for tests)' && install_npm tests/bot/simulator/clients ;;
    bench) install_python .venv-bench benchmarks/others.lock ;;
    *) fail "Say run, dev, pages, clients or bench" "请写 run、dev、pages、clients 或 bench" ;;
esac
