package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// wire makes two hosts with three cables between them: this namespace with the
// interfaces here, here2 and here3, and another with there, there2 and there3. A packet that
// passes a chain to its end is known by its number in one of the sets. send
// WAY:WHICH sends packets one way; bridge makes a bridge of the first two.
const wire = `
unshare --net sleep 60 & there=$!
trap 'kill $there' EXIT
while [ "$(readlink /proc/$there/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
on() { nsenter -t $there -n "$@"; }
for f in 4/conf/all/rp_filter 4/conf/default/rp_filter 4/conf/all/send_redirects 4/conf/default/send_redirects 6/conf/all/accept_dad 6/conf/default/accept_dad; do
	[ ! -e /proc/sys/net/ipv$f ] || echo 0 >/proc/sys/net/ipv$f
done
for x in '' 2 3; do
	ip link add here$x address 02:00:00:00:00:0${x:-1} type veth peer name there$x netns $there
	ip link set here$x addrgenmode none; on ip link set there$x addrgenmode none
	on ip link set there$x arp off
	ip link set here$x up; on ip link set there$x up
done
echo 0 >/proc/sys/net/netfilter/nf_conntrack_checksum # ours have none
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
for a in 10.66.0.2 10.66.0.6; do ip addr add $a/24 dev here; done
for a in fd66::2 fd66::6; do ip addr add $a/64 dev here nodad; done
ip route add 10.66.0.0/24 dev here2 metric 9999; ip route add fd66::/64 dev here2 metric 9999
ip route add 10.67.0.0/24 dev here2; ip route add fd67::/64 dev here2
count() { nft -f - <<'END'
table inet count {
	set passed4 { typeof ip id; flags dynamic; }
	set passed6 { typeof ip6 flowlabel; flags dynamic; }
	chain end {
		meta nfproto ipv4 add @passed4 { ip id }
		meta nfproto ipv6 add @passed6 { ip6 flowlabel }
	}
	chain input { type filter hook input priority 300; goto end; }
	chain output { type filter hook output priority 300; goto end; }
	chain forward { type filter hook forward priority 300; goto end; }
}
END
}
count
bridge() {
	ip addr flush dev here; ip link add br0 type bridge; ip link set br0 addrgenmode none
	for x in here here2; do ip link set $x master br0; done
	ip link set br0 up
	ip addr add 10.66.0.2/24 dev br0; ip addr add fd66::2/64 dev br0 nodad
	ip route replace 10.67.0.0/24 dev br0; ip -6 route flush fd67::/64; ip route add fd67::/64 dev br0
	for x in '' 6; do echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip${x}tables; done
}
send() {
	case $1 in
	output:*) SEND="$1" "$BINARY";;
	*) on env SEND="$1" "$BINARY";;
	esac
}
`

// together makes the kernel put fragments together before the chains see them, as
// it does for every ruleset that has a rule about connections. Without one, nft
// takes what stands in a later fragment for ports.
const together = `nft "table inet count { chain track { type filter hook prerouting priority 0; ct state new; }; }"
`

// passed lists what came through a chain to its end, and cleans up nothing: the
// namespace ends.
const passed = "echo PASSED; nft -nn list set inet count passed4; nft -nn list set inet count passed6\n"

// run runs a script as root of a network namespace of its own.
func run(t *testing.T, script string, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", "--net", "bash", "-euc", wire+script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", "BINARY="+self, "XTABLES_LOCKFILE="+filepath.Join(dir, "lock"), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, script, out)
	}
	return string(out)
}
