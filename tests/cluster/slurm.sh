#!/usr/bin/env bash
# A sweep as a job array on a real Slurm: two nodes on this machine, one of which is killed in the
# middle of its work. What the tasks leave has to merge to the bytes of the sweep done alone.
#
# usage: tests/cluster/slurm.sh [PROGRAM]; needs slurmctld, slurmd, slurm-client and munge (Debian's
# packages), but no root. Everything lives in a folder of its own, which is removed at the end.
set -euo pipefail

program=$(realpath "${1:-target/release/mingle}")
for tool in slurmctld slurmd sbatch munged; do
    command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin
    command -v "$tool" >/dev/null || { echo "skipped: there is no $tool here"; exit 0; }
done

D=$(mktemp -d)
H=$(hostname)
U=$(id -un)
chmod 755 "$D"
export SLURM_CONF=$D/etc/slurm.conf
# The processes of this test: all that have its folder among their arguments.
ours() { pgrep -f -- "$D" | grep -vx "$$" || true; }
# The processes that do the work of node n2, as their environment says, after the daemons that watch over
# them: those go first, or they would report that their tasks have failed.
on_n2() {
    local found pid environment tasks=""
    for found in /proc/[0-9]*; do
        { environment=$(tr '\0' '\n' <"$found/environ"); } 2>/dev/null || continue
        if grep -qx "SLURMD_NODENAME=n2" <<<"$environment" && grep -qxF "SLURM_CONF=$SLURM_CONF" <<<"$environment"
        then
            tasks="$tasks ${found#/proc/}"
        fi
    done
    for pid in $tasks; do
        pid=$(ps -o ppid= -p "$pid" | tr -d ' ')
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) == slurmstepd* ]] && echo "$pid"
    done
    echo "$tasks"
}
stop() {
    local pid
    for pid in "$D"/run/*.pid "$D"/run/munge/*.pid; do
        [ -f "$pid" ] && kill "$(cat "$pid")" 2>/dev/null || true
    done
    # They write to the folder until they are gone.
    for _ in $(seq 50); do
        [ -z "$(ours)" ] && break
        sleep 0.2
    done
    for pid in $(ours); do kill -9 "$pid" 2>/dev/null || true; done
    rm -rf "$D" 2>/dev/null || { sleep 1; rm -rf "$D" || true; }
}
trap stop EXIT

mkdir -p "$D"/{etc,log,state,run/munge,spool.n1,spool.n2,tmp.n1,tmp.n2}
chmod 755 "$D/run" "$D/run/munge"
head -c1024 /dev/urandom >"$D/etc/munge.key"
chmod 400 "$D/etc/munge.key"
cat >"$SLURM_CONF" <<CONF
ClusterName=loop
SlurmctldHost=$H(127.0.0.1)
SlurmUser=$U
SlurmdUser=$U
SlurmctldPort=16917
AuthType=auth/munge
AuthInfo=socket=$D/run/munge/munge.sock,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$D/log/jobcomp.txt
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
RequeueExit=75
SlurmdTimeout=5
KillWait=2
SlurmdParameters=config_overrides
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0,sched_min_interval=0
StateSaveLocation=$D/state
SlurmdSpoolDir=$D/spool.%n
TmpFS=$D/tmp.%n
SlurmctldPidFile=$D/run/slurmctld.pid
SlurmdPidFile=$D/run/slurmd.%n.pid
SlurmctldLogFile=$D/log/slurmctld.log
SlurmdLogFile=$D/log/slurmd.%n.log
NodeName=n1 NodeHostname=$H NodeAddr=127.0.0.1 Port=17101 CPUs=2 State=UNKNOWN
NodeName=n2 NodeHostname=$H NodeAddr=127.0.0.1 Port=17102 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
munged --force --key-file="$D/etc/munge.key" --socket="$D/run/munge/munge.sock" \
    --pid-file="$D/run/munge/munged.pid" --log-file="$D/log/munged.log" --seed-file="$D/run/munge/seed"
slurmctld -c -f "$SLURM_CONF"
slurmd -N n1 -f "$SLURM_CONF"
slurmd -N n2 -f "$SLURM_CONF"
for _ in $(seq 60); do
    [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" -eq 2 ] && break
    sleep 0.5
done
[ "$(sinfo -h -N -t idle -o %N | wc -l)" -eq 2 ] || {
    echo "skipped: Slurm did not come up here"
    tail -n 5 "$D"/log/*.log
    exit 0
}

cd "$D"
mkdir bin
ln -s "$program" bin/mingle
export PATH=$D/bin:$PATH

# A sweep of 64 points with so many replicates each, with n2 killed while it has tasks. Fails with 3 if
# the machine was through before that, so that nothing was shown.
attempt() {
    local replicates=$1 job on_n2 pids
    rm -rf alone shared
    cat >sweep.toml <<SWEEP
title = "A sweep for a cluster"
replicates = $replicates
[population]
agents = 1000
[sweep]
[[factor]]
name = "legibility"
keys = "reputation.legibility"
levels = 8
[[factor]]
name = "fee"
keys = "calls.fee"
max = 0.6
levels = 8
SWEEP
    mingle sweep sweep.toml --out shared --tasks 6 --emit slurm >job.sh || return 1
    sed -i 's/--cpus-per-task=2/--cpus-per-task=1/' job.sh
    job=$(sbatch --parsable --chdir="$D" --output="$D/log/task-%a.txt" job.sh) || return 1

    # In the middle of the work: n2 has a task that has begun to write.
    for _ in $(seq 600); do
        [ "$(squeue -h -j "$job" -t running -w n2 2>/dev/null | wc -l)" -gt 0 ] &&
            compgen -G "shared/parts/part-*.partial" >/dev/null && break
        sleep 0.05
    done
    on_n2=$(squeue -h -j "$job" -t running -w n2 | wc -l)
    pids=$(on_n2)
    kill -9 "$(cat "$D/run/slurmd.n2.pid")" $pids 2>/dev/null || true
    rm -f "$D/run/slurmd.n2.pid"
    echo "node n2 killed with $on_n2 tasks on it"
    if [ "$on_n2" -eq 0 ] || mingle merge shared --quiet >/dev/null 2>&1; then
        return 3
    fi

    for _ in $(seq 1200); do
        [ "$(squeue -h -j "$job" | wc -l)" -eq 0 ] && break
        sleep 0.5
    done
    squeue -h -j "$job"
    mingle merge shared --quiet || { tail -n 3 "$D"/log/task-*.txt; return 1; }
    mingle sweep sweep.toml --quiet --out alone || return 1
    diff -r alone shared || return 1
    echo "a sweep on two nodes, one of them killed, gave the bytes of the sweep done alone"
}

for replicates in 4 40 400; do
    code=0
    attempt "$replicates" || code=$?
    [ "$code" -eq 3 ] || exit "$code"
    echo "the parts were whole before the node was killed: once more, with more to do"
    slurmd -N n2 -f "$SLURM_CONF"
    sleep 5
done
echo "skipped: this machine is too quick to kill a node in the middle of the work"
