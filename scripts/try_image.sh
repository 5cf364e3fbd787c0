#!/usr/bin/env bash
# Try what the Containerfile makes, where there is no container daemon: the same install script, the same ENV, USER and WORKDIR
# (read from the Containerfile), in a root of its own made of this machine's packages, which is read-only but for what compose.yaml
# mounts. Needs root and util-linux (unshare, setpriv); nothing outside the new mount and process namespaces is changed.
#   scripts/try_image.sh [FOLDER]    FOLDER is for the new root, 1 GB; a temporary one if not given
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
top=${1:-$(mktemp -d)}
root=$top/root
mkdir -p "$root"/{usr,etc,proc,dev,tmp,opt,work/cases,work/runs,cache,source} "$top"/{opt,runs,cache}
for link in bin lib lib64 sbin; do ln -sfn "usr/$link" "$root/$link"; done
chown 1000:1000 "$top/runs" "$top/cache" "$root/work"

mapfile -t environment < <(sed -n 's/^ENV //p' Containerfile)
user=$(sed -n 's/^USER //p' Containerfile)
workdir=$(sed -n 's/^WORKDIR //p' Containerfile)

# Mounts of the new root; $1 is how /opt is mounted: rw while it is installed, ro afterwards.
mounts() {
    mount --make-rprivate /
    mount --bind "$root" "$root"
    for part in usr etc; do mount --bind -o ro "/$part" "$root/$part"; done
    mount --bind -o ro "$here" "$root/source"
    mount --bind -o "$1" "$top/opt" "$root/opt"
    mount --bind -o ro "$here/scenarios" "$root/work/cases"
    mount --bind "$top/runs" "$root/work/runs"
    mount --bind "$top/cache" "$root/cache"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/tmp"
    mount -t tmpfs tmpfs "$root/dev"
    for device in null zero urandom random; do touch "$root/dev/$device" && mount --bind "/dev/$device" "$root/dev/$device"; done
    mkdir "$root/dev/shm" && mount -t tmpfs tmpfs "$root/dev/shm"
    [ "$1" = rw ] || mount -o remount,ro,bind "$root"
}

install() {
    mounts rw
    [ -x "$top/opt/corridor/bin/corridor" ] || chroot "$root" /bin/sh /source/scripts/install_image.sh /source /opt/corridor
}

# A command as the image would run it: its user, its environment and nothing of ours, no capability, no way to gain one.
as_image() {
    chroot "$root" /usr/bin/env -i "${environment[@]}" /usr/bin/setpriv --reuid "${user%:*}" --regid "${user#*:}" --clear-groups \
        --bounding-set=-all --no-new-privs /bin/sh -c "cd $workdir && exec \"\$@\"" sh "$@"
}

try() {
    mounts ro
    if as_image touch /opt/x /work/x /work/cases/x /usr/x 2>/dev/null; then echo "the root can be written" >&2; return 1; fi
    [ "$(as_image id -u)" = "${user%:*}" ]
    as_image corridor --version
    as_image corridor run cases/karabakh-2023 --replicates 10 --out runs/alone
    as_image corridor report runs/alone --quick
    as_image dask scheduler --host 127.0.0.1 --port 18786 --no-dashboard >"$top/scheduler.log" 2>&1 &
    for worker in 1 2; do
        as_image dask worker tcp://127.0.0.1:18786 --nthreads 1 --memory-limit 1GiB --local-directory /tmp --no-dashboard \
            >"$top/worker-$worker.log" 2>&1 &
    done
    as_image corridor run cases/karabakh-2023 --replicates 10 --out runs/cluster --cluster tcp://127.0.0.1:18786
    cmp "$top"/runs/{alone,cluster}/replicates/part-0000.parquet
    as_image corridor serve cases/karabakh-2023 --host 0.0.0.0 --port 18000 --no-browser >"$top/page.log" 2>&1 &
    for _ in $(seq 100); do grep -q token= "$top/page.log" && break; sleep 0.2; done
    address=$(grep -o 'http://[^ ]*token=[^ ]*' "$top/page.log" | head -1 | sed -E 's#//[^/]*/#//127.0.0.1:18000/#')
    curl --silent --fail --location --cookie-jar "$top/cookies" "$address" | grep -q "<title>"
    echo "an image's steps work: install, run, report, cluster with the same bytes, page"
}

export -f mounts install as_image try
export here top root user workdir
environment_line=$(printf '%q ' "${environment[@]}")
export environment_line
unshare --mount --pid --fork --kill-child bash -euo pipefail -c "environment=($environment_line); install"
unshare --mount --pid --fork --kill-child bash -euo pipefail -c "environment=($environment_line); try"
