#!/usr/bin/env bash
# A cluster of one node on this machine, for tests: munged, slurmctld and slurmd with all that they
# write in one folder.
#
#   slurm-controller.sh start FOLDER    prints the file to set SLURM_CONF to
#   slurm-controller.sh stop FOLDER     ends its processes and its jobs; the folder stays
#
# It needs Debian's slurm-wlm and munge, and root. It is of no use for anything but tests: jobs run
# without limits, and nothing is accounted for.
set -euo pipefail

folder=$2
host=$(hostname -s)

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

configure() {
  cat <<CONF
ClusterName=fovea
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
SlurmUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
MaxArraySize=4
KillWait=10
MessageTimeout=3
SlurmdTimeout=300
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
  local munge=$folder/munge
  mkdir -p "$munge" "$folder/state" "$folder/spool"
  # munged must reach its folder, and lets nobody else write there.
  chmod 755 "$folder" "$munge"
  (umask 077 && head -c 256 /dev/urandom >"$munge/key")
  chown -R munge: "$munge"
  runuser -u munge -- munged --key-file="$munge/key" --socket="$munge/socket" \
    --pid-file="$munge/pid" --log-file="$munge/log" --seed-file="$munge/seed"
  configure >"$folder/slurm.conf"
  export SLURM_CONF=$folder/slurm.conf
  slurmctld
  slurmd
  for _ in {1..100}; do
    [ "$(sinfo --noheader --format=%t 2>/dev/null)" != idle ] || break
    sleep 0.1
  done
  sinfo --noheader --format=%t | grep -qx idle
  echo "$SLURM_CONF"
}

stop() {
  local name
  for name in slurmd.pid slurmctld.pid munge/pid; do
    [ ! -e "$folder/$name" ] || kill -s KILL "$(cat "$folder/$name")" 2>/dev/null || true
  done
  # Processes of jobs, and what watches over them, would be left without anyone to end them.
  for name in /proc/[0-9]*; do
    if grep -qzxF "SLURM_CONF=$folder/slurm.conf" "$name/environ" 2>/dev/null &&
      { grep -qz '^SLURM_JOB_ID=' "$name/environ" || grep -qa '^slurmstepd' "$name/cmdline"; }; then
      kill -s KILL "${name#/proc/}" 2>/dev/null || true
    fi
  done
}

"$1"
