package propose

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// packet is what an event says of a packet, in types.
type packet struct {
	family   netfilter.Family // "" if there are no addresses
	chain    netfilter.Chain  // "" if it is not known
	in, out  string
	src, dst netip.Addr
	proto    netfilter.Proto // 0 if it is not known
	word     string          // the protocol as in the log
	flags    string          // of TCP, as in the log
	quotes   bool            // carries the packet of another flow
	group    bool            // for more than one host
	tagged   bool            // with a VLAN tag still on it
	bridged  bool            // in or out by a port of a bridge
	origins  origins         // the prefix that it was logged with, if a ruleset has it
	hook     string          // of netfilter, where the prefix says it
	cause    string          // why it was dropped, where the prefix says it

	// Numbers are -1 where the log has none.
	spt, dpt, icmpType, icmpCode, offset, uid int64
}

// readPacket takes the fields of an event apart. It fails where a field does not
// hold what the kernel writes there.
func readPacket(ev *record.Event) (packet, error) {
	f := &ev.Fields
	p := packet{
		in: interfaceIn(f), out: f[record.FOut], proto: protocol(f[record.FProto]),
		word: f[record.FProto], flags: f[record.FFlags], quotes: ev.Inner != nil,
		hook: f[record.FHook], cause: f[record.FCause],
		tagged: f[record.FVproto] != "", bridged: f[record.FPhysin] != "" || f[record.FPhysout] != "",
	}
	p.chain = chain(p.in, p.out, f[record.FChain])
	if err := p.readAddresses(f); err != nil {
		return p, err
	}
	for _, n := range [...]struct {
		field record.Field
		bits  int
		to    *int64
	}{
		{record.FSpt, 16, &p.spt}, {record.FDpt, 16, &p.dpt},
		{record.FIcmpType, 8, &p.icmpType}, {record.FIcmpCode, 8, &p.icmpCode},
		{record.FFragOffset, 16, &p.offset}, {record.FUID, 32, &p.uid},
	} {
		*n.to = -1
		if text := f[n.field]; text != "" {
			v, err := strconv.ParseUint(text, 10, n.bits)
			if err != nil {
				return p, fmt.Errorf("%s is not a number of %d bits: %s", n.field, n.bits, quote(text))
			}
			*n.to = int64(v)
		}
	}
	if p.uid == math.MaxUint32 { // (uid_t)-1: the kernel writes 65534 for a user it cannot name
		return p, errors.New("uid is that of nobody")
	}
	return p, nil
}

// readAddresses reads source and destination. A frame that is not IP has none.
func (p *packet) readAddresses(f *record.Fields) error {
	if f[record.FSrc] == "" && f[record.FDst] == "" {
		return nil
	}
	for _, a := range [...]struct {
		field record.Field
		to    *netip.Addr
	}{{record.FSrc, &p.src}, {record.FDst, &p.dst}} {
		var err error
		if *a.to, err = netip.ParseAddr(f[a.field]); err != nil || a.to.Zone() != "" {
			return fmt.Errorf("%s is not an address: %s", a.field, quote(f[a.field]))
		}
	}
	if p.src.Is4() != p.dst.Is4() {
		return errors.New("source and destination are not of one family")
	}
	p.family = familyOf(p.src)
	p.group = p.dst.IsMulticast() || p.dst == limitedBroadcast || groupMAC(f)
	return nil
}

var limitedBroadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// groupMAC reports whether the frame was sent to more than one host: that is how
// the broadcast address of a network is known where its mask is not. Only whole
// addresses and the well-known beginnings count, because MAC= is not always an
// Ethernet header.
func groupMAC(f *record.Fields) bool {
	for _, mac := range [...]string{f[record.FMac], f[record.FMacdst]} {
		for _, group := range [...]string{"ff:ff:ff:ff:ff:ff", "01:00:5e:", "33:33:"} {
			if strings.HasPrefix(mac, group) {
				return true
			}
		}
	}
	return false
}

// chain works out the packet's path from its interfaces, which the kernel writes,
// and only without any from the prefix, which is free text.
func chain(in, out, said string) netfilter.Chain {
	switch {
	case in != "" && out != "":
		return netfilter.Forward
	case in != "":
		return netfilter.Input
	case out != "":
		return netfilter.Output
	case said == "":
		return ""
	}
	for _, c := range netfilter.Chains() {
		if strings.EqualFold(said, string(c)) {
			return c
		}
	}
	return ""
}

// interfaceIn is the name of the interface that the packet came in by. The prefix
// before it ends where it likes, so of "IN=PHYSIN=x" the last word may be one name
// or the end of a prefix and a shorter one: it is taken for the long name, which no
// rule can have.
func interfaceIn(f *record.Fields) string {
	const key = "IN="
	prefix := f[record.FPrefix]
	if !strings.Contains(prefix, key) {
		return f[record.FIn]
	}
	word := prefix[strings.LastIndexAny(prefix, " \t\n\v\f\r")+1:]
	if _, name, ok := strings.Cut(word, key); ok {
		return name + key + f[record.FIn]
	}
	return f[record.FIn]
}

// protocolNames are the words that nf_log_syslog.c has for PROTO=.
var protocolNames = map[string]netfilter.Proto{
	"TCP": netfilter.TCP, "UDP": netfilter.UDP, "UDPLITE": netfilter.UDPLite,
	"ICMP": netfilter.ICMP, "ICMPv6": netfilter.ICMPv6, "ESP": 50, "AH": 51,
}

// protocol reads PROTO=; 0 for no protocol that rules can name.
func protocol(word string) netfilter.Proto {
	if p, ok := protocolNames[word]; ok {
		return p
	}
	n, err := strconv.ParseUint(word, 10, 8)
	if err != nil {
		return 0
	}
	return netfilter.Proto(n)
}

// peer is the address of the other side, local that of this one.
func (p *packet) peer() netip.Addr {
	if p.chain == netfilter.Output {
		return p.dst
	}
	return p.src
}

func (p *packet) local() netip.Addr {
	if p.chain == netfilter.Output {
		return p.src
	}
	return p.dst
}

func familyOf(a netip.Addr) netfilter.Family {
	if a.Is4() {
		return netfilter.IP
	}
	return netfilter.IP6
}

// single is the block of one address.
func single(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, a.BitLen()) }

// longestQuote is how much log text stands in a message, in bytes.
const longestQuote = 64

// quote writes log text into a message, cut where it is long.
func quote(s string) string {
	if len(s) > longestQuote {
		return strconv.Quote(s[:longestQuote]) + "..."
	}
	return strconv.Quote(s)
}
