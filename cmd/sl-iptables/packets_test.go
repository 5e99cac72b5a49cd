package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// wire makes two hosts with two cables between them: this namespace with the
// interfaces here and here2, and another with there and there2. A packet that
// passes all chains is known by its number in one of the sets.
const wire = `
unshare --net sleep 60 & there=$!
trap 'kill $there' EXIT
while [ "$(readlink /proc/$there/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
on() { nsenter -t $there -n "$@"; }
echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 0 >/proc/sys/net/ipv4/conf/default/rp_filter
for x in '' 2; do
	ip link add here$x address 02:00:00:00:00:0${x:-1} type veth peer name there$x netns $there
	ip link set here$x addrgenmode none; on ip link set there$x addrgenmode none
	on ip link set there$x arp off
	ip link set here$x up; on ip link set there$x up
done
ip addr add 10.66.0.2/24 dev here; ip addr add fd66::2/64 dev here nodad
ip route add 10.66.0.0/24 dev here2 metric 100
nft -f - <<'END'
table inet count {
	set passed4 { typeof ip id; flags dynamic; }
	set passed6 { typeof ip6 flowlabel; flags dynamic; }
	chain input {
		type filter hook input priority 300;
		meta nfproto ipv4 add @passed4 { ip id }
		meta nfproto ipv6 add @passed6 { ip6 flowlabel }
	}
}
END
send() { on env SEND="$1" "$BINARY" -test.run='^TestSend$' >/dev/null; }
`

// passed lists what came through, and cleans up nothing: the namespace ends.
const passed = "echo PASSED; nft -nn list set inet count passed4; nft -nn list set inet count passed6\n"

// TestSend is no test: with SEND it is the program that sends the packets, in the
// namespace of the other host.
func TestSend(t *testing.T) {
	which := os.Getenv("SEND")
	if which == "" {
		t.Skip("only for TestRulesFromPackets")
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames() {
		if which == "first" && !f.first {
			continue
		}
		dev, err := net.InterfaceByName(f.iface)
		if err != nil {
			t.Fatal(err)
		}
		to := byte(1)
		if f.iface == "there2" {
			to = 2
		}
		kind := []byte{8, 0}
		if f.body[0]>>4 == 6 {
			kind = []byte{0x86, 0xdd}
		}
		ether := append([]byte{2, 0, 0, 0, 0, to}, append(dev.HardwareAddr, kind...)...)
		if err := unix.Sendto(fd, append(ether, f.body...), 0, &unix.SockaddrLinklayer{Ifindex: dev.Index}); err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
}

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
	cmd.Env = append(os.Environ(), "BINARY="+self, "XTABLES_LOCKFILE="+filepath.Join(dir, "lock"), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, script, out)
	}
	return string(out)
}

// needKernelLog skips a test where the kernel does not log for namespaces, or
// where nobody could read it.
func needKernelLog(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: sending packets needs root")
	}
	for _, tool := range []string{"unshare", "nsenter", "ip", "nft", "bash", "iptables-nft-restore", "iptables-legacy-restore"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("NOT TESTED: %s is not installed", tool)
		}
	}
	const all = "/proc/sys/net/netfilter/nf_log_all_netns"
	before, err := os.ReadFile(all)
	if err == nil {
		err = os.WriteFile(all, []byte("1\n"), 0)
	}
	if err != nil {
		t.Skip("NOT TESTED: the kernel does not log packets of a namespace: ", err)
	}
	t.Cleanup(func() { os.WriteFile(all, before, 0) })
}

// kernelLog returns the lines that the kernel logs while something is done, as
// dmesg prints them.
func kernelLog(t *testing.T, prefix string, do func()) []byte {
	t.Helper()
	fd, err := unix.Open("/dev/kmsg", unix.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skip("NOT TESTED: the kernel's log cannot be read: ", err)
	}
	defer unix.Close(fd)
	if _, err := unix.Seek(fd, 0, unix.SEEK_END); err != nil {
		t.Fatal(err)
	}
	do()
	var log []byte
	record := make([]byte, 8192)
	for {
		n, err := unix.Read(fd, record)
		if err == unix.EPIPE {
			continue // overwritten before it was read
		}
		if err != nil {
			return log
		}
		_, text, ok := strings.Cut(string(record[:n]), ";")
		text, _, _ = strings.Cut(text, "\n")
		if ok && strings.HasPrefix(text, prefix) {
			log = append(log, "[    1.000000] "+text+"\n"...)
		}
	}
}

// stages runs a log through sl-parse and sl-iptables and returns the file that
// -r prints.
func stages(t *testing.T, log []byte, prefix string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", dir+"/", "../sl-parse", ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	os.Chmod(dir, 0o755)
	parse := exec.Command(filepath.Join(dir, "sl-parse"), "-R", "--prefix", prefix+"=drop")
	parse.Stdin = bytes.NewReader(log)
	var errs bytes.Buffer
	parse.Stderr = &errs
	events, err := parse.Output()
	if err != nil {
		t.Fatalf("sl-parse: %v\n%s\n%s", err, errs.String(), log)
	}
	make := exec.Command(filepath.Join(dir, "sl-iptables"), append([]string{"-r"}, args...)...)
	make.Stdin = bytes.NewReader(events)
	make.Stderr = &errs
	rules, err := make.Output()
	if err != nil {
		t.Fatalf("sl-iptables: %v\n%s", err, errs.String())
	}
	return rules
}

// Packets of every kind are dropped and logged; the log is made into rules; with
// the rules these packets pass, and none beside them.
func TestRulesFromPackets(t *testing.T) {
	needKernelLog(t)
	prefix := fmt.Sprintf("sl%d drop: ", os.Getpid())
	log := kernelLog(t, prefix, func() {
		run(t, `nft "table inet filter { chain input { type filter hook input priority 0; policy drop; log prefix \"`+prefix+`\"; }; }"; send first`, nil)
	})
	if got := bytes.Count(log, []byte{'\n'}); got < len(kinds()) {
		t.Fatalf("%d packets were sent, and %d were logged:\n%s", len(kinds()), got, log)
	}
	nft := stages(t, log, prefix)
	restore := stages(t, log, prefix, "--syntax", "iptables-restore")
	iptables := func(kind string) string {
		return strings.ReplaceAll(`for x in '' 6; do
	ip${x}tables-KIND -N SL-INPUT; ip${x}tables-KIND -A INPUT -j SL-INPUT; ip${x}tables-KIND -P INPUT DROP
done
iptables-KIND-restore --noflush f; ip6tables-KIND-restore --noflush f
`, "KIND", kind)
	}
	for _, test := range []struct {
		name, load string
		file       []byte
	}{
		{"nft", "nft -f f; nft 'table inet filter { chain input { type filter hook input priority 0; policy drop; jump sl-input; }; }'\n", nft},
		{"iptables-nft", iptables("nft"), restore},
		{"iptables-legacy", iptables("legacy"), restore},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := run(t, test.load+"send all\n"+passed, map[string][]byte{"f": test.file})
			compare(t, out, string(test.file), func(f frame) bool {
				return f.passes && (f.name != behindAH || test.name == "iptables-legacy")
			})
		})
	}
}

// compare holds the numbers of the packets that passed against those that should
// have.
func compare(t *testing.T, out, rules string, passes func(frame) bool) {
	t.Helper()
	_, out, _ = strings.Cut(out, "PASSED")
	ids := map[uint64]bool{}
	for set := range strings.SplitSeq(out, "elements = {") {
		list, _, ok := strings.Cut(set, "}")
		if !ok {
			continue
		}
		for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(", \n\t", r) }) {
			if n, err := strconv.ParseUint(word, 0, 32); err == nil {
				ids[n] = true
			}
		}
	}
	var wrong []string
	for _, f := range frames() {
		if ids[uint64(f.id)] != passes(f) {
			wrong = append(wrong, fmt.Sprintf("%s (%d): passed %v: %s", f.name, f.id, ids[uint64(f.id)], hex.EncodeToString(f.body)))
		}
	}
	if len(wrong) > 0 {
		t.Errorf("%d of %d packets:\n%s\nwith the rules\n%s", len(wrong), len(frames()), strings.Join(wrong, "\n"), rules)
	}
}

// A source that scanned is out; the others are not.
func TestBlockFromPackets(t *testing.T) {
	needKernelLog(t)
	prefix := fmt.Sprintf("sl%d scan: ", os.Getpid())
	log := kernelLog(t, prefix, func() {
		run(t, `nft "table inet filter { chain input { type filter hook input priority 0; policy drop; log prefix \"`+prefix+`\"; }; }"; send first`, nil)
	})
	rules := stages(t, log, prefix, "--block", "--min-ports", "4", "--expire", "1h")
	out := run(t, "nft -f f; nft 'table inet filter { chain input { type filter hook input priority 0; policy accept; jump sl-input; }; }'\nsend all\n"+passed, map[string][]byte{"f": rules})
	compare(t, out, string(rules), func(f frame) bool { return !slices.Equal(f.body[12:16], peer4.AsSlice()) })
	if !bytes.Contains(rules, []byte("{ 10.66.0.1 timeout 3600s }")) {
		t.Errorf("the source is not blocked for an hour:\n%s", rules)
	}
}
