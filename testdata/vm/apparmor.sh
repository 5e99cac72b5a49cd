# In a virtual machine whose kernel has AppArmor (inside.sh): the shipped profiles
# attach, every thread of a locked-in program is in "locked", and a normal run of
# each program in each mode is not denied anything. Prints a line a check; the last
# one is "done".
cd /tmp
echo 'root:x:0:0::/:/bin/sh' >/etc/passwd
for f in /etc/apparmor.d/sl-*; do apparmor_parser -r -K "$f" || echo "FAILED: apparmor_parser $f"; done
chown 0:0 /logs/audit.log && chmod 600 /logs/audit.log
mkdir -p /etc/apparmor.d/local /etc/nftables.d /tmp/own
chown 65534:65534 /tmp/own
dmesg -c >/dev/null

# check STATUS COMMAND: the status is as said, and nothing is denied
check() {
	sh -c "$2" >/tmp/stdout 2>/tmp/stderr
	st=$?
	sleep 0.2
	denied=$(dmesg -c | grep 'apparmor="DENIED"')
	if [ $st = "$1" ] && [ -z "$denied" ]; then
		echo "ok: $2"
	else
		echo "FAILED: $2: status $st"
		head -n 5 /tmp/stderr
		echo "$denied" | head -n 5
	fi
}
user='asuser /usr/bin/'
for run in '' "$user" "all"; do
	all=
	[ "$run" = all ] && run=$user all=--sandbox=require-all
	[ "$all" ] || for p in read parse apparmor iptables write; do
		check 0 "${run}sl-$p --sandbox=report </dev/null | grep -q 'apparmor: in force'"
	done
	[ "$all" ] || check 0 "${run}sl-write --sandbox=report /etc/nftables.d/sl.nft </dev/null | grep -q 'companion: apparmor: in force'"
	[ "$all" ] || check 0 "${run}sl-read -f --sandbox=report /logs/ubuntu-syslog | grep -q 'companion: apparmor: in force'"
	check 0 "sl-read /logs/audit.log | ${run}sl-parse $all | ${run}sl-apparmor $all -r | grep -q 'profile \"firefox\"'"
	check 0 "${run}sl-read $all /logs/ubuntu-syslog | ${run}sl-parse $all 2>/dev/null | ${run}sl-iptables $all --allow -r | grep -q 'dport 22 accept'"
	check 0 "sl-read /logs/audit.log | ${run}sl-parse $all | ${run}sl-apparmor $all >/tmp/rules"
	chmod 666 /tmp/rules
done
check 0 "${user}sl-parse -R --tz UTC </logs/debian-kern.log >/tmp/out"
check 1 "sl-write --new --trust=log --danger=9 </tmp/rules"
check 0 "grep -q 'capability sys_time' /etc/apparmor.d/local/usr.sbin.chronyd"
check 0 "sl-read /logs/ubuntu-syslog | sl-parse 2>/dev/null | sl-iptables --allow | sl-write --trust=log /etc/nftables.d/sl.nft"
check 0 "grep -q 'tcp dport { 22.* accept' /etc/nftables.d/sl.nft"

# sl-read -f, its companion, and both users of it
for run in '' "$user"; do
	for all in '' --sandbox=require-all; do
		echo one >/tmp/own/x.log
		chown 65534:65534 /tmp/own/x.log
		check 143 "${run}sl-read $all -rf /tmp/own/x.log >/tmp/follow & p=\$!; sleep 2; mv /tmp/own/x.log /tmp/own/x.log.1
			echo two >/tmp/own/y; chown 65534:65534 /tmp/own/y; mv /tmp/own/y /tmp/own/x.log; sleep 3; kill \$p; wait \$p"
		check 0 "grep -q two /tmp/follow"
	done
done

# every thread is in locked, and one that wants out is told so
(sleep 3 | sl-parse -R >/dev/null) &
sleep 1
pid=$(pidof sl-parse)
n=0 in=0
for t in /proc/$pid/task/*; do
	n=$((n + 1))
	case $(cat $t/attr/current) in *sl-parse//locked*) in=$((in + 1)) ;; esac
done
if [ "$n" -gt 1 ] && [ "$n" = "$in" ]; then echo "ok: all $n threads are in locked"; else echo "FAILED: $in of $n threads are in locked"; fi
wait
echo "done"
