package broker

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/netfilter"
)

// A wirePacket is a packet of a stranger, or to one in output. Its number is the
// identification of IPv4 and the flow label of IPv6, by which the chains behind the
// firewall count it.
type wirePacket struct {
	Number   int
	Src, Dst netip.Addr
	Proto    uint8
	Port     uint16 // or type and code of ICMP
	In       string // interface it comes in by, "" for one that the host sends
}

const wireTTL = 77

// bytes returns the packet from the network header on. No checksum but IPv4's is
// looked at before the firewall.
func (p wirePacket) bytes() []byte {
	body := make([]byte, 20)
	switch p.Proto {
	case 1, 58:
		binary.BigEndian.PutUint16(body, p.Port)
	default:
		binary.BigEndian.PutUint16(body, 40000)
		binary.BigEndian.PutUint16(body[2:], p.Port)
		body[5] = 20 // the length, for UDP
		body[12] = 5 << 4
		body[13] = 2 // SYN
	}
	if p.Src.Is6() {
		head := binary.BigEndian.AppendUint32(nil, 6<<28|uint32(p.Number))
		head = append(head, 0, byte(len(body)), p.Proto, wireTTL)
		return append(append(append(head, p.Src.AsSlice()...), p.Dst.AsSlice()...), body...)
	}
	head := []byte{0x45, 0, 0, byte(20 + len(body)), byte(p.Number >> 8), byte(p.Number), 0, 0, wireTTL, p.Proto, 0, 0}
	head = append(append(head, p.Src.AsSlice()...), p.Dst.AsSlice()...)
	sum := uint32(0)
	for i := 0; i < len(head); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(head[i:]))
	}
	sum = sum>>16 + sum&0xffff
	binary.BigEndian.PutUint16(head[10:], ^uint16(sum+sum>>16))
	return append(head, body...)
}

// TestSendPackets is no test of its own: wire runs it in the namespace.
func TestSendPackets(t *testing.T) {
	path := os.Getenv("SL_PACKETS")
	if path == "" {
		t.Skip("only runs in a network namespace that TestForbiddenEffectsAreRefused makes")
	}
	var packets []wirePacket
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &packets)
	}
	if err != nil {
		t.Fatal(err)
	}
	sockets := map[string]int{}
	socket := func(key string, domain, proto int) int {
		if _, ok := sockets[key]; !ok {
			fd, err := unix.Socket(domain, unix.SOCK_RAW, proto)
			if err != nil {
				t.Fatal(err)
			}
			sockets[key] = fd
		}
		return sockets[key]
	}
	for i, p := range packets {
		if i%100 == 0 {
			time.Sleep(time.Millisecond) // the queue of a receiver holds 1000
		}
		// A firewall that drops what the host sends says so to the sender. What does
		// not come to the hook is found by its number.
		if err := p.send(socket); err != nil && err != unix.EPERM {
			t.Fatalf("%+v: %v", p, err)
		}
	}
	time.Sleep(20 * time.Millisecond)
}

func (p wirePacket) send(socket func(key string, domain, proto int) int) error {
	switch {
	case p.In == "" && p.Src.Is4():
		return unix.Sendto(socket("ip", unix.AF_INET, unix.IPPROTO_RAW), p.bytes(), 0, &unix.SockaddrInet4{Addr: p.Dst.As4()})
	case p.In == "":
		return unix.Sendto(socket("ip6", unix.AF_INET6, unix.IPPROTO_RAW), p.bytes(), 0, &unix.SockaddrInet6{Addr: p.Dst.As16()})
	}
	here, err := net.InterfaceByName(p.In)
	if err != nil {
		return err
	}
	there, err := net.InterfaceByName("x" + p.In)
	if err != nil {
		return err
	}
	kind := uint16(unix.ETH_P_IP)
	if p.Src.Is6() {
		kind = unix.ETH_P_IPV6
	}
	frame := append(append(bytes.Clone(here.HardwareAddr), there.HardwareAddr...), byte(kind>>8), byte(kind))
	return unix.Sendto(socket("packet", unix.AF_PACKET, 0), append(frame, p.bytes()...), 0, &unix.SockaddrLinklayer{Ifindex: there.Index})
}

// wireSetup makes a host with three interfaces, whose other ends are in the same
// namespace and have no address. The firewall jumps to our chains, and the sets hold
// the packets that came as far as the hook, and those that passed all chains.
const wireSetup = `
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 0 >/proc/sys/net/ipv4/conf/default/rp_filter
ip link set lo up
for i in eth0 eth1 wan; do
	ip link add $i type veth peer name x$i
	for j in $i x$i; do ip link set $j addrgenmode none arp off up; done
	echo 0 >/proc/sys/net/ipv4/conf/$i/rp_filter
done
ip addr add 198.18.0.1/32 dev eth0; ip addr add 198.18.0.2/32 dev eth1
ip addr add fd00::1/128 dev eth0 nodad; ip addr add fd00::2/128 dev eth1 nodad
ip route add default dev wan; ip -6 route add default dev wan
{
	echo 'table inet count {'
	for x in 4 6; do for s in came passed; do echo "set $s$x { type integer; size 100000; flags dynamic; }" ; done; done
	echo '}'
} | sed 's/set \(.*\)4 { type integer;/set \14 { typeof ip id;/; s/set \(.*\)6 { type integer;/set \16 { typeof ip6 flowlabel;/' | nft -f -
for h in $HOOK; do
	for x in 'came -150' 'passed 300'; do
		set -- $x
		nft "add chain inet count $1 { type filter hook $h priority $2 ; }
			add rule inet count $1 ip ttl { 76, 77 } add @${1}4 { ip id }
			add rule inet count $1 ip6 hoplimit { 76, 77 } add @${1}6 { ip6 flowlabel }"
	done
done
case $SYNTAX in
nft)
	nft -f firewall
	nft "add chain inet filter ours { type filter hook $HOOK priority filter; policy $POLICY; }; add rule inet filter ours jump sl-$HOOK"
	;;
*)
	CHAIN=$(echo $HOOK | tr a-z A-Z); POLICY=$(echo $POLICY | tr a-z A-Z)
	for x in '' 6; do
		ip${x}tables -N SL-$CHAIN; ip${x}tables -A $CHAIN -j SL-$CHAIN; ip${x}tables -P $CHAIN $POLICY
		ip${x}tables-restore --noflush firewall
	done
	;;
esac
SL_PACKETS=packets "$SELF" -test.run '^TestSendPackets$' >/dev/null
for s in came4 came6 passed4 passed6; do echo "== $s"; nft -n list set inet count $s; done
`

// wire loads a file in a network namespace, sends the packets and returns the
// numbers of those that pass. On a busy machine a queue may be full: then again.
func wire(t *testing.T, syntax netfilter.Syntax, hook, policy string, firewall []byte, packets []wirePacket) map[int]bool {
	t.Helper()
	came := 0
	for range 5 {
		sets := wireOnce(t, syntax, hook, policy, firewall, packets)
		if came = len(sets["came"]); came == len(packets) {
			return sets["passed"]
		}
	}
	t.Fatalf("%d packets sent, %d came to %s", len(packets), came, hook)
	return nil
}

func wireOnce(t *testing.T, syntax netfilter.Syntax, hook, policy string, firewall []byte, packets []wirePacket) map[string]map[int]bool {
	t.Helper()
	dir := t.TempDir()
	text, err := json.Marshal(packets)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"firewall": firewall, "packets": text} {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--net", "sh", "-euc", wireSetup}
	if os.Geteuid() != 0 {
		args = append([]string{"--user", "--map-root-user"}, args...)
	}
	cmd := exec.Command("unshare", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SELF="+self, "SYNTAX="+string(syntax), "HOOK="+hook, "POLICY="+policy, "XTABLES_LOCKFILE="+filepath.Join(dir, "lock"), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %.2000s\nof\n%.2000s", err, out, firewall)
	}
	sets := map[string]map[int]bool{"came": {}, "passed": {}}
	_, lists, _ := strings.Cut(string(out), "== ")
	for part := range strings.SplitSeq(lists, "== ") {
		name, list, _ := strings.Cut(part, "\n")
		_, list, _ = strings.Cut(list, "elements = {")
		for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune("{}, \n\t", r) }) {
			n, err := strconv.ParseInt(word, 0, 32)
			if err != nil {
				t.Fatalf("%q in the list of %s", word, name)
			}
			sets[strings.TrimRight(name, "46")][int(n)] = true
		}
	}
	return sets
}
