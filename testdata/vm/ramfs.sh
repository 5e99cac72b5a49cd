# In a virtual machine whose kernel has AppArmor, while its root folder is still the
# initial ramfs, on which pivot_root(2) fails before Linux 7: all layers are in force
# there, with the shipped profiles and without. Prints a line a check.
mkdir -p /etc/apparmor.d/local /tmp/ramfs/local
for profiles in without with; do
	if [ $profiles = with ]; then
		for f in /etc/apparmor.d/sl-*; do apparmor_parser -r -K "$f" || echo "FAILED: apparmor_parser $f"; done
	fi
	dmesg -c >/dev/null
	for p in read parse apparmor 'iptables --allow' 'write --no-check'; do
		# shellcheck disable=SC2086 # with its argument
		sl-$p --sandbox=report </dev/null >/tmp/report 2>&1
		st=$?
		denied=$(dmesg -c | grep 'apparmor="DENIED"')
		if [ $st = 0 ] && { [ $profiles = without ] || [ -z "$denied" ]; } && grep -q '^namespaces: in force$' /tmp/report && grep -q '^root: in force$' /tmp/report &&
			{ [ $profiles = without ] || grep -q '^apparmor: in force' /tmp/report; }; then
			echo "ok: on the initial ramfs, $profiles profiles: sl-$p"
		else
			echo "FAILED: on the initial ramfs, $profiles profiles: sl-$p: status $st"
			cat /tmp/report
			echo "$denied" | head -n 5
		fi
	done
	rm -f /etc/apparmor.d/local/*
	sl-read /logs/audit.log | sl-parse | sl-apparmor | sl-write --no-check --new --trust=none >/tmp/report 2>&1
	if [ -e /etc/apparmor.d/local/firefox ]; then
		echo "ok: on the initial ramfs, $profiles profiles: a rule was written"
	else
		echo "FAILED: on the initial ramfs, $profiles profiles: no rule was written"
		cat /tmp/report
		ls /etc/apparmor.d/local
	fi
done
for f in /etc/apparmor.d/sl-*; do apparmor_parser -R -K "$f"; done
rm -f /etc/apparmor.d/local/*
