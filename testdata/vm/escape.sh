# Runs as root in a virtual machine: the most dangerous acts of the escape suite where
# nothing confines them, those that do the machine harm among them; then from inside
# a program of each kind, with their AppArmor profiles. A line of sums each; the last
# one is "done".
mkdir -p /etc/apparmor.d/local
mkdir -m 755 /etc/scenes # the policy lets sl-write's companion read what is in /etc
echo '/etc/scenes/** rwk,' >/etc/apparmor.d/local/sl-write
printf '%s\n' 'mount fstype=tmpfs -> /etc/scenes/**/,' '/etc/scenes/** rw,' >/etc/apparmor.d/local/sl-write.run
for f in /etc/apparmor.d/sl-*; do apparmor_parser -r -K "$f" || echo "FAILED: apparmor_parser $f"; done
module=$(ls /vm/mod/*-dummy.ko*)
case $module in *.xz) xz -dc "$module" >/tmp/dummy.ko; module=/tmp/dummy.ko ;; esac
rmmod dummy
dmesg -c >/dev/null

# run NAME COMMAND...: the status and the last line of what it prints
run() {
	name=$1
	shift
	"$@" >/out/$name 2>&1
	echo "$name: status $?: $(tail -n 1 /out/$name)"
}
acts='module|kernel|reboot|clock|swap|account|mount|device|root folder|host|quota|BPF|port|descriptor on'
run bare escape -bare -harm -module "$module" -acts "$acts"
TMPDIR=/etc/scenes run confined escape -v -root -acts "$acts" -dir /usr sl-parse sl-write
run require-all escape -v -user -all -acts "$acts" -dir /usr sl-parse
dmesg >/out/audit
echo "done"
