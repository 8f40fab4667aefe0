#!/bin/bash
# A real slurmctld and slurmd on this machine, as root and without systemd (Debian: slurm-wlm, munge).
#   test/slurm/start.sh FOLDER   start; afterwards `export SLURM_CONF=FOLDER/slurm.conf`
#   test/slurm/stop.sh FOLDER    stop
set -eu
folder="$1"
mkdir -p "$folder/state" "$folder/spool" "$folder/munge"
host="$(hostname -s)"
cpus="$(nproc)"
# Ports of its own, so that a cluster's configuration on the same machine is left alone.
base="${SLURM_TEST_PORT:-16817}"

cat > "$folder/slurm.conf" <<CONF
ClusterName=assay-test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$base
SlurmdPort=$((base + 1))
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
AuthType=auth/munge
# A requeued task waits until its credential has run out: 2 minutes by default, which a test need not wait for.
AuthInfo=socket=$folder/munge/munge.socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2,bf_interval=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
MinJobAge=30
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
CONF

if [ ! -f "$folder/munge/munge.key" ]; then
  dd if=/dev/urandom of="$folder/munge/munge.key" bs=1 count=1024 status=none
  chmod 600 "$folder/munge/munge.key"
fi
chmod 755 "$folder/munge"
munged --force --key-file="$folder/munge/munge.key" --socket="$folder/munge/munge.socket" \
  --pid-file="$folder/munge/munged.pid" --log-file="$folder/munge/munged.log" --seed-file="$folder/munge/munged.seed"
export SLURM_CONF="$folder/slurm.conf"
slurmctld -c
slurmd -c
for _ in $(seq 1 120); do
  if sinfo --noheader --format=%t 2> /dev/null | grep -q -E '^(idle|mix|alloc)$'; then exit 0; fi
  sleep 0.5
done
echo "the node did not come up; see $folder/slurmctld.log and $folder/slurmd.log" >&2
exit 1
