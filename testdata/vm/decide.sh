# Loads the profiles of /etc/apparmor.d and does the acts of /acts in them. The
# answers are in /out/answers, and what the kernel logged is in /out/dmesg.
for f in /etc/apparmor.d/*; do
	[ -d "$f" ] || apparmor_parser -r -K "$f" || echo "FAILED: apparmor_parser $f"
done
act - </acts >/out/answers || echo "FAILED: act"
sleep 0.5
echo "done"
