package ruleset

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter/addrs"
	"go4.org/netipx"
)

// options reads the words of one rule of iptables-save.
type options struct {
	words []word
	at    int
	not   bool // a "!" stood before the option

	packets uint64
	counts  bool

	match      match
	sources    []netip.Prefix // of -s without "!"
	action     action
	target     string
	logs       bool
	prefix     string
	translates bool
	without    []string // the words but those of -s, and the counters
}

// key is the same for rules that differ in nothing but their sources.
func (o *options) key() string { return strings.Join(o.without, "\x00") }

// take takes an option if it comes next.
func (o *options) take(option string) bool {
	if o.at < len(o.words) && !o.words[o.at].quoted && o.words[o.at].text == option {
		o.at++
		return true
	}
	return false
}

// value takes the next word.
func (o *options) value() string {
	if o.at >= len(o.words) {
		o.match.more = true
		return ""
	}
	o.at++
	return o.words[o.at-1].text
}

// read reads all options. Those that it does not know leave match.more.
func (o *options) read() {
	for o.at < len(o.words) {
		from := o.at
		if o.not = o.take("!"); o.not && o.at == len(o.words) {
			o.match.more = true
			return
		}
		w := o.words[o.at]
		o.at++
		read := optionReaders[w.text]
		switch {
		case w.quoted || read == nil:
			// Perhaps the value of an option that is not known.
			o.match.more = true
		default:
			read(o)
		}
		if w.text != "-s" || o.not {
			for _, w := range o.words[from:o.at] {
				o.without = append(o.without, w.text)
			}
		}
	}
}

// optionReaders take the value of each option that is known.
var optionReaders = map[string]func(*options){
	"-s": func(o *options) {
		if p, ok := o.prefixValue(); ok && !o.not {
			o.sources = []netip.Prefix{p}
		} else if ok {
			o.match.src = o.addresses(p)
		}
	},
	"-d": func(o *options) {
		if p, ok := o.prefixValue(); ok {
			o.match.dst = o.addresses(p)
		}
	},
	"-i":            func(o *options) { o.match.in = o.name() },
	"-o":            func(o *options) { o.match.out = o.name() },
	"-p":            (*options).proto,
	"-m":            (*options).module,
	"--comment":     func(o *options) { o.value() },
	"--dport":       (*options).ports,
	"--dports":      (*options).ports,
	"--icmp-type":   (*options).icmp,
	"--icmpv6-type": (*options).icmp,
	"--ctstate":     (*options).state,
	"--state":       (*options).state,
	"--dst-type":    (*options).dstType,
	"--rt-type":     (*options).rtType,
	"--tcp-flags":   (*options).tcpFlags,
	"--uid-owner":   (*options).owner,
	"--src-range":   func(o *options) { o.match.src = o.ranges(o.match.src) },
	"--dst-range":   func(o *options) { o.match.dst = o.ranges(o.match.dst) },
	"-j":            (*options).jump,
	"-g":            func(o *options) { o.action, o.target = goOn, o.value() },
}

// plain are the matches that say nothing beyond their options. Others, rpfilter and
// socket say, match some packets without any.
var plain = map[string]bool{
	"tcp": true, "udp": true, "udplite": true, "sctp": true, "dccp": true, "icmp": true, "icmp6": true, "esp": true, "multiport": true,
	"conntrack": true, "state": true, "addrtype": true, "iprange": true, "owner": true, "comment": true,
}

func (o *options) module() {
	name := o.value()
	if o.not || !plain[name] && !(name == "rt" && o.at < len(o.words) && o.words[o.at].text == "--rt-type") {
		o.match.more = true
	}
}

func (o *options) prefixValue() (netip.Prefix, bool) {
	text := o.value()
	p, err := netip.ParsePrefix(text)
	if err != nil {
		var a netip.Addr
		if a, err = netip.ParseAddr(text); err == nil {
			p = netip.PrefixFrom(a, a.BitLen())
		}
	}
	if err != nil { // a mask that is no prefix
		o.match.more = true
	}
	return p.Masked(), err == nil
}

// addresses is the set of a block, or of all others.
func (o *options) addresses(p netip.Prefix) *addrs.Set {
	return o.turn(addrs.Union([]netip.Prefix{p}))
}

func (o *options) turn(set *addrs.Set) *addrs.Set {
	if !o.not {
		return set
	}
	return set.Others()
}

func (o *options) ranges(old *addrs.Set) *addrs.Set {
	r, err := netipx.ParseIPRange(o.value())
	if err != nil || old != nil || len(o.sources) > 0 {
		o.match.more = true
		return old
	}
	var b netipx.IPSetBuilder
	b.AddRange(r)
	return o.turn(addrs.Built(&b))
}

// name reads an interface; iptables has '+' for any rest.
func (o *options) name() *names {
	text := o.value()
	if start, open := strings.CutSuffix(text, "+"); open {
		text = start + "*"
	}
	return &names{[]string{text}, o.not}
}

// protocols are the names that iptables-save writes for protocols: its own and,
// for others, those of /etc/protocols.
var protocols = map[string]int{
	"icmp": 1, "igmp": 2, "ipencap": 4, "tcp": 6, "udp": 17, "dccp": 33, "ipv6": 41, "gre": 47, "esp": 50,
	"ah": 51, "icmpv6": 58, "ipv6-icmp": 58, "ospf": 89, "ipip": 94, "pim": 103, "vrrp": 112, "l2tp": 115,
	"sctp": 132, "udplite": 136,
}

func protocolByName(text string) (int, bool) {
	if n, ok := protocols[text]; ok {
		return n, true
	}
	n, err := strconv.ParseUint(text, 10, 8)
	return int(n), err == nil
}

func (o *options) proto() {
	n, ok := protocolByName(o.value())
	if !ok || n == 0 {
		o.match.more = true
		return
	}
	o.match.protos = o.match.protos.and(func(p int) bool { return (p == n) != o.not })
}

// and is the set of those protocols that are also in another one.
func (p *protos) and(has func(int) bool) *protos {
	var out protos
	for i := range out {
		out[i] = (p == nil || p[i]) && has(i)
	}
	return &out
}

func (o *options) owner() {
	first, last, open := strings.Cut(o.value(), "-")
	if !open {
		last = first
	}
	a, errA := strconv.ParseUint(first, 10, 32)
	b, errB := strconv.ParseUint(last, 10, 32)
	if errA != nil || errB != nil {
		o.match.more = true
		return
	}
	o.match.uid = &uids{a, b, o.not}
}
