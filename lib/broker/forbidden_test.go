package broker

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os/exec"
	"slices"
	"testing"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/scripts/lab/sample"
)

// A cloud draws firewall rules that together do more than each: one dangerous rule
// cut by its sources and ports, each piece with an interface and own addresses of
// its own, and some rules that a host needs.
type cloud struct {
	*rand.Rand
	family  netfilter.Family
	chain   netfilter.Chain
	verdict netfilter.Verdict
}

var wireNames = []string{"", "eth0", "eth1", "wan"}

func newCloud(rng *rand.Rand) cloud {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	return cloud{rng,
		netfilter.Family(pick("ip", "ip6")),
		netfilter.Chain(pick("input", "input", "forward", "output")),
		netfilter.Verdict(pick("accept", "accept", "drop", "reject")),
	}
}

// own are the addresses of the own side: those of the host, or of hosts behind it.
func (c cloud) own() []string {
	switch {
	case c.chain == netfilter.Forward && c.family == netfilter.IP:
		return []string{"198.19.0.1", "198.19.0.2"}
	case c.chain == netfilter.Forward:
		return []string{"fd01::1", "fd01::2"}
	case c.family == netfilter.IP:
		return []string{"198.18.0.1", "198.18.0.2"}
	}
	return []string{"fd00::1", "fd00::2"}
}

// finest is the length of the blocks that one organisation can have, within what
// strangers come from: all of IPv4, and 2a00::/12 of IPv6.
func (c cloud) finest() int {
	if c.family == netfilter.IP6 {
		return 7
	}
	return 8
}

// block returns the block number i of 1<<bits that strangers come from.
func (c cloud) block(i, bits int) netip.Prefix {
	if c.family == netfilter.IP6 {
		n := i << (20 - bits)
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{0x2a, byte(n >> 16), byte(n >> 8)}), 12+bits).Masked()
	}
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(i << (8 - bits))}), bits)
}

// blocks cut what strangers come from, half of the time so that each is harmless.
func (c cloud) blocks() (list []netip.Prefix) {
	bits := c.finest()
	if c.IntN(2) == 0 {
		bits = []int{0, 1, 2, 4}[c.IntN(4)]
	}
	if bits == 0 {
		return []netip.Prefix{{}}
	}
	for i := range 1 << bits {
		list = append(list, c.block(i, bits))
	}
	return list
}

// ports are what the whole rule is about, in pieces.
func (c cloud) ports() [][]netfilter.PortRange {
	one := func(n int) []netfilter.PortRange { return []netfilter.PortRange{netfilter.Port(uint16(n))} }
	switch c.IntN(5) {
	case 0:
		return [][]netfilter.PortRange{nil}
	case 1:
		return [][]netfilter.PortRange{one([]int{22, 23, 25, 53, 80, 443, 3306, 6379, 8080}[c.IntN(9)])}
	case 2:
		return [][]netfilter.PortRange{one(c.IntN(65536))}
	case 3:
		n := 1 + c.IntN(60000)
		return [][]netfilter.PortRange{{{First: 0, Last: uint16(n)}}, {{First: uint16(n + 1), Last: 65535}}}
	}
	return [][]netfilter.PortRange{one(22), one(80), one(443)}
}

// rules draws a set.
func (c cloud) rules() (list []netfilter.Rule) {
	proto := []netfilter.Proto{netfilter.AnyProto, netfilter.TCP, netfilter.TCP, netfilter.UDP, netfilter.UDP, netfilter.SCTP, 47, 50, 103}[c.IntN(9)]
	blocks, ports := c.blocks(), c.ports()
	if c.IntN(8) == 0 { // little enough for one who has a block
		blocks = blocks[:1+c.IntN(2)*len(blocks)/300]
	}
	if !proto.HasPorts() {
		ports = ports[:1]
	}
	for _, b := range blocks {
		for _, p := range ports {
			r := netfilter.Rule{Family: c.family, Chain: c.chain, Verdict: c.verdict, Proto: proto}
			if proto.HasPorts() {
				r.Ports = p
			}
			if b.IsValid() {
				r = r.WithPeers([]netip.Prefix{b})
			}
			list = append(list, c.dress(r))
		}
	}
	if proto == netfilter.AnyProto && c.IntN(2) == 0 { // protocol by protocol
		list = c.byProto(list)
	}
	for range c.IntN(3) { // one of another kind
		list = append(list, c.odd())
	}
	for range c.IntN(4) { // a rule that is needed
		r := netfilter.Rule{Family: c.family, Chain: c.chain, Verdict: c.verdict, Proto: netfilter.TCP, Ports: []netfilter.PortRange{netfilter.Port(uint16(c.IntN(2000)))}}
		if c.IntN(2) == 0 {
			r.Verdict = netfilter.Verdict([]string{"accept", "drop"}[c.IntN(2)])
		}
		p := c.block(c.IntN(100), c.finest())
		list = append(list, r.WithPeers([]netip.Prefix{netip.PrefixFrom(p.Addr().Next(), p.Addr().BitLen())}))
	}
	return list
}

// odd is a rule for a part of the Internet that one organisation has.
func (c cloud) odd() netfilter.Rule {
	r := netfilter.Rule{Family: c.family, Chain: c.chain, Verdict: c.verdict, Proto: netfilter.UDPLite}
	p := c.block(c.IntN(100), c.finest())
	r = r.WithPeers([]netip.Prefix{netip.PrefixFrom(p.Addr(), p.Bits()+4)})
	switch c.IntN(3) {
	case 0:
		r.Ports = []netfilter.PortRange{{First: 0, Last: uint16(c.IntN(65535))}}
	case 1:
		r.Proto = netfilter.ICMP
		if c.family == netfilter.IP6 {
			r.Proto = netfilter.ICMPv6
		}
		r.ICMP = netfilter.ICMPType{Match: true, Type: 8, Code: uint8(c.IntN(2))}
	}
	return c.dress(r)
}

func (c cloud) byProto(rules []netfilter.Rule) (list []netfilter.Rule) {
	icmp := netfilter.ICMP
	if c.family == netfilter.IP6 {
		icmp = netfilter.ICMPv6
	}
	for _, r := range rules {
		for _, r.Proto = range []netfilter.Proto{netfilter.TCP, netfilter.UDP, icmp} {
			list = append(list, r)
		}
	}
	return list
}

// dress adds what narrows the rule down, but not the file.
func (c cloud) dress(r netfilter.Rule) netfilter.Rule {
	if c.IntN(3) > 0 {
		own := c.own()
		var local []netip.Prefix
		for _, a := range own[:1+c.IntN(len(own))] {
			a := netip.MustParseAddr(a)
			local = append(local, netip.PrefixFrom(a, a.BitLen()))
		}
		local = netfilter.NormalPrefixes(local)
		if r.Chain == netfilter.Output {
			r.Src = local
		} else {
			r.Dst = local
		}
	}
	if r.Chain != netfilter.Output {
		r.In = wireNames[c.IntN(len(wireNames))]
	}
	return r
}

// strangers draws addresses of the Internet.
func (c cloud) strangers(n int) (list []netip.Addr) {
	for len(list) < n {
		a := netip.AddrFrom4([4]byte{byte(c.IntN(224)), byte(c.IntN(256)), byte(c.IntN(256)), byte(1 + c.IntN(200))})
		if c.family == netfilter.IP6 {
			a = netip.AddrFrom16([16]byte{0x2a, byte(c.IntN(16)), byte(c.IntN(256)), 15: byte(1 + c.IntN(200))})
		} else if a.IsPrivate() || a.IsLoopback() || a.AsSlice()[0] == 0 || a.IsLinkLocalUnicast() || a.AsSlice()[0] == 198 || a.AsSlice()[0] == 100 {
			continue
		}
		if !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// A probe is what strangers try.
type probe struct {
	proto uint8
	port  uint16
}

// probes are services, ports at the edges of the rules and others, and protocols.
func (c cloud) probes(rules []netfilter.Rule) (list []probe) {
	ports := []uint16{22, 80, 443, 6379, uint16(c.IntN(65536)), uint16(c.IntN(65536)), uint16(c.IntN(65536))}
	for _, r := range rules[:min(len(rules), 3)] {
		for _, p := range r.Ports {
			ports = append(ports, p.First, p.Last)
		}
	}
	slices.Sort(ports)
	for _, port := range slices.Compact(ports) {
		for _, proto := range []uint8{6, 17, 132} {
			list = append(list, probe{proto, port})
		}
	}
	icmp := uint8(netfilter.ICMP)
	if c.family == netfilter.IP6 {
		icmp = uint8(netfilter.ICMPv6)
	}
	return append(list, probe{47, 0}, probe{50, 0}, probe{103, 0}, probe{199, 0}, probe{136, 5}, probe{136, 40000}, probe{icmp, 8 << 8}, probe{icmp, 200<<8 | 1})
}

// packets are all probes of all strangers, by every interface and to every address.
func (c cloud) packets(strangers []netip.Addr, probes []probe) (list []wirePacket) {
	ways := wireNames[1:]
	if c.chain == netfilter.Output {
		ways = wireNames[:1]
	}
	for _, peer := range strangers {
		for _, p := range probes {
			for _, own := range c.own() {
				for _, in := range ways {
					packet := wirePacket{Number: len(list) + 1, Src: peer, Dst: netip.MustParseAddr(own), Proto: p.proto, Port: p.port, In: in}
					if c.chain == netfilter.Output {
						packet.Src, packet.Dst = packet.Dst, packet.Src
					}
					list = append(list, packet)
				}
			}
		}
	}
	return list
}

// publicPorts are services that everybody may use: for all others, and to refuse
// any, somebody has to ask by name.
var publicPorts = []probe{{6, 25}, {6, 53}, {6, 80}, {6, 443}, {17, 53}, {17, 443}, {17, 123}}

// forbidden returns what a file does to a part of the strangers that is larger than
// what one organisation has, and must not: of 16 strangers at most 5 can be in a
// block of 1/128 by chance (once in 10^8).
func (c cloud) forbidden(packets []wirePacket, passed map[int]bool) (list []probe) {
	hit := map[probe]map[netip.Addr]bool{}
	for _, p := range packets {
		if passed[p.Number] != (c.verdict == netfilter.Accept) {
			continue
		}
		at, peer := probe{p.Proto, p.Port}, p.Src
		if c.chain == netfilter.Output {
			peer = p.Dst
		}
		if hit[at] == nil {
			hit[at] = map[netip.Addr]bool{}
		}
		hit[at][peer] = true
	}
	for at, peers := range hit {
		if len(peers) > 5 {
			list = append(list, at)
		}
	}
	if c.verdict != netfilter.Accept {
		return list
	}
	if c.chain == netfilter.Output { // to send to everybody is what hosts do; not on every port
		tried, reached := map[uint8]map[uint16]bool{}, map[uint8]int{}
		for _, p := range packets {
			if tried[p.Proto] == nil {
				tried[p.Proto] = map[uint16]bool{}
			}
			tried[p.Proto][p.Port] = true
		}
		for _, at := range list {
			reached[at.proto]++
		}
		return slices.DeleteFunc(list, func(p probe) bool {
			return reached[p.proto] < len(tried[p.proto]) || !netfilter.Proto(p.proto).HasPorts() && p.proto != 199
		})
	}
	return slices.DeleteFunc(list, func(p probe) bool { return slices.Contains(publicPorts, p) })
}

// passes is the meaning of a file of rules, written down a second time: the first
// rule that matches decides, and what refuses stands first.
func (c cloud) passes(rules []netfilter.Rule, p wirePacket) bool {
	out := "wan"
	if c.chain == netfilter.Input {
		out = ""
	}
	accepted := false
	for _, r := range rules {
		either := func(name, have string) bool { return name == "" || name == have }
		if r.Family != c.family || r.Chain != c.chain || !either(r.In, p.In) || !either(r.Out, out) || !holds(r.Src, p.Src) || !holds(r.Dst, p.Dst) ||
			r.Proto != netfilter.AnyProto && r.Proto != netfilter.Proto(p.Proto) ||
			len(r.Ports) > 0 && !slices.ContainsFunc(r.Ports, func(q netfilter.PortRange) bool { return q.First <= p.Port && p.Port <= q.Last }) ||
			r.ICMP.Match && uint16(r.ICMP.Type)<<8|uint16(r.ICMP.Code) != p.Port {
			continue
		}
		if r.Verdict != netfilter.Accept {
			return false
		}
		accepted = true
	}
	return accepted || c.verdict != netfilter.Accept
}

func holds(list []netip.Prefix, a netip.Addr) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

// raw is the file with all rules, as if nothing were graded.
func rawFile(t *testing.T, syntax netfilter.Syntax, rules []netfilter.Rule) []byte {
	t.Helper()
	body, err := netfilter.AppendFile(nil, syntax, rules)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// gradedFile is the file that the broker writes of the rules.
func gradedFile(t *testing.T, syntax netfilter.Syntax, rules []netfilter.Rule) (body []byte, refused int) {
	t.Helper()
	b := open(t, t.TempDir(), func(o *Options) {
		o.DryRun = true
		firewallIn(syntax)(o)
	})
	for _, r := range rules {
		for _, piece := range netfilter.Split(syntax, r) {
			text, err := piece.Text(syntax)
			if err != nil {
				t.Fatal(err)
			}
			if b.AddRule(&record.Rule{Lang: record.Netfilter, Syntax: string(syntax), Text: text, Evidence: record.Evidence{Trust: record.TrustKernel}}) != nil {
				refused++
			}
		}
	}
	changes, errs, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	refused += len(errs)
	if len(changes) == 0 {
		return rawFile(t, syntax, nil), refused
	}
	return changes[0].New, refused
}

// Whatever rules come, the file that is written lets no stranger do what is on the
// list of forbidden effects: packets say so, sent by hosts all over the Internet
// through the loaded rules. The same packets through all the rules say that it would.
func TestForbiddenEffectsAreRefused(t *testing.T) {
	for _, tool := range []string{"unshare", "ip", "nft", "iptables", "ip6tables"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: no packets are sent through the rules", tool)
		}
	}
	if out, err := exec.Command("unshare", "--net", "sh", "-c", "ip link add probe0 type veth peer name probe1 && nft add table inet x && iptables -S").CombinedOutput(); err != nil {
		t.Skipf("no network namespace with interfaces can be made: %v: %s", err, out)
	}
	if testing.Short() {
		t.Skip("takes a second a set")
	}
	rng := sample.Rand(t)
	sets, tried, harmful, sent := sample.Size(6, 500), 0, 0, 0
	for ; tried < sets; tried++ {
		c := newCloud(rng)
		rules := c.rules()
		syntax := []netfilter.Syntax{netfilter.NFT, netfilter.NFT, netfilter.Restore}[rng.IntN(3)]
		policy := "drop"
		if c.verdict != netfilter.Accept {
			policy = "accept"
		}
		packets := c.packets(c.strangers(16), c.probes(rules))
		if len(packets) > 65000 {
			packets = packets[:65000]
		}
		name := fmt.Sprintf("set %d: %s %s %s, %d rules, %s", tried, c.chain, c.family, c.verdict, len(rules), syntax)
		passed := wire(t, syntax, string(c.chain), policy, rawFile(t, syntax, rules), packets)
		for _, p := range packets {
			if want := c.passes(rules, p); passed[p.Number] != want {
				t.Fatalf("%s: %+v: the kernel passes it: %v; the rules say %v\n%.4000s", name, p, !want, want, rawFile(t, syntax, rules))
			}
		}
		all := c.forbidden(packets, passed)
		body, refused := gradedFile(t, syntax, rules)
		left := c.forbidden(packets, wire(t, syntax, string(c.chain), policy, body, packets))
		sent += 2 * len(packets)
		if len(all) > 0 {
			harmful++
		}
		if len(left) > 0 {
			t.Fatalf("%s: %d refused, and still %v\n%.4000s", name, refused, left, body)
		}
		if len(all) > 0 && refused == 0 {
			t.Fatalf("%s: %v, and nothing refused", name, all)
		}
	}
	if harmful < sets/3 {
		t.Errorf("only %d of %d sets have an effect that is forbidden", harmful, sets)
	}
	t.Logf("%d sets of rules, %d with a forbidden effect, all refused; %d packets", tried, harmful, sent)
}
