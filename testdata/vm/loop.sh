# From a denial to a rule, for each case of /cases: the acts are done under their
# profiles and denied; what was logged goes through the programs, which write rules
# to /etc/apparmor.d/local; the profiles are loaded again; the acts are done again,
# and their neighbours after them.
#
# A folder of /cases is one run of the programs: "carrier" is what they read,
# "options" those of sl-apparmor, "rounds" how often all of it is done before the
# acts have to work. In /out are, for each run, the answers and logs of all three
# parts, and what the programs said.
mkdir -p /etc/apparmor.d/local /etc/sl
cd /etc/apparmor.d || exit
load() { apparmor_parser -r -K "$@" 2>&1 || echo "FAILED: apparmor_parser"; }
load sl-* peers

# try RUN PART ACTS: does the acts, and keeps what is logged meanwhile
try() {
	dmesg -c >/dev/null
	act - <"/cases/$1/$3" >"/out/$1.$2" || echo "FAILED: act $1 $2"
	sleep 0.5
	(umask 077 && dmesg -c >"/out/$1.$2.log")
}

# rules CARRIER LOG OPTION...: what a user would type who wants each of the rules,
# however dangerous it is, and so names it
rules() {
	carrier=$1 log=$2
	shift 2
	case $carrier in
	# /dev/kmsg has no end: what is in it by now is all. So many files at once would be
	# checked for longer than all else takes; the other runs have the check.
	kmsg) timeout 5 sl-read /dev/kmsg | sl-parse --partial | sl-apparmor "$@" >/tmp/rules ;;
	dmesg) sl-read "$log" | sl-parse | sl-apparmor "$@" >/tmp/rules ;;
	raw) sl-parse -R <"$log" | sl-apparmor "$@" >/tmp/rules ;;
	esac
	{ echo "danger 9"; sl-apparmor -r </tmp/rules | sed -n 's/^  \([^#]\)/allow \1/p'; } >/etc/sl/decisions
	case $carrier in
	kmsg) sl-write --no-check --decisions /etc/sl/decisions </tmp/rules ;;
	*) sl-write --trust=none --decisions /etc/sl/decisions </tmp/rules ;;
	esac
}

for dir in /cases/*; do
	run=${dir##*/}
	profiles=$(cat "$dir/profiles")
	# shellcheck disable=SC2086 # names are words
	load $profiles
	for round in $(cat "$dir/rounds"); do
		try "$run" "before$round" acts
		# shellcheck disable=SC2046 # options are words
		rules "$(cat "$dir/carrier")" "/out/$run.before$round.log" $(cat "$dir/options") >>"/out/$run.said" 2>&1 ||
			echo "FAILED: $run: sl-write: $?"
		# shellcheck disable=SC2086
		sed -i 's/flags=(complain) //' $profiles && load $profiles
	done
	try "$run" after acts
	try "$run" neighbours neighbours
done
cp -r /etc/apparmor.d/local /out/local

# classes of rules that are not tried here, and who does not have them
features=/sys/kernel/security/apparmor/features
for class in mqueue io_uring userns; do
	{ find $features; cat $features/namespaces/mask; } 2>/dev/null | grep -q $class && kernel=yes || kernel=no
	echo "profile x { $class, }" | apparmor_parser -Q -K -q >/dev/null 2>&1 && parser=yes || parser=no
	echo "$class: in the kernel: $kernel; in apparmor_parser: $parser"
done >/out/missing
echo "done"
