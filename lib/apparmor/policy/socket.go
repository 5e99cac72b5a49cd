package policy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// protocols are the words that stand for a type of the families that have the
// protocol (parser/network.c, network_mappings). The kernel looks at no more.
var protocols = map[string]struct {
	kind     string
	families []string
}{
	"tcp":  {"stream", []string{"inet", "inet6"}},
	"udp":  {"dgram", []string{"inet", "inet6"}},
	"icmp": {"raw", []string{"inet"}},
}

var socketTypes = []string{"dgram", "packet", "raw", "rdm", "seqpacket", "stream"}

// networkWords is what a network rule names.
type networkWords struct {
	accesses         []string
	families, kinds  []string
	conditions       map[string]string
	unknownCondition bool
}

// networkRule makes the matcher of network rules, which are also about Unix
// sockets, unless they have conditions.
func networkRule(b *body, s *scope) (network, unix matcher, err error) {
	var w networkWords
	var ofProtocol []string
	for _, word := range slices.Concat(b.list, b.operands) {
		switch protocol, ok := protocols[word]; {
		case ok:
			w.kinds = append(w.kinds, protocol.kind)
			ofProtocol = protocol.families
		case word == "packet" && len(w.families)+len(w.kinds) == 0: // a family in front of a type
			w.families = append(w.families, word)
		case slices.Contains(socketTypes, word):
			w.kinds = append(w.kinds, word)
		case apparmor.SocketAccesses.Has(word) || accessWords[apparmor.ClassUnix][word] != nil:
			w.accesses = append(w.accesses, word)
		default:
			w.families = append(w.families, word)
		}
	}
	if len(w.families) == 0 {
		w.families = ofProtocol
	}
	w.conditions = make(map[string]string)
	for _, c := range b.conditions {
		if len(c.values) == 1 && !c.in {
			w.conditions[c.name] = c.values[0]
		} else {
			w.unknownCondition = true
		}
	}
	allowed, err := accesses(apparmor.ClassUnix, apparmor.SocketAccesses, w.accesses)
	if err != nil {
		return nil, nil, err
	}
	network = func(q apparmor.Body) bool {
		n := q.(apparmor.Network)
		if n.Access == (apparmor.Set{}) { // the portable form: all accesses
			return len(w.accesses) == 0 && len(w.conditions) == 0 && !w.unknownCondition && w.match(n.Family, n.Type)
		}
		return allowed(n.Access) && w.match(n.Family, n.Type) && !w.unknownCondition && w.matchEndpoints(n)
	}
	unix = func(q apparmor.Body) bool {
		u := q.(apparmor.Unix)
		return len(w.conditions) == 0 && !w.unknownCondition && allowed(u.Access) && w.match("unix", u.Type)
	}
	return network, unix, nil
}

func (w *networkWords) match(family, kind string) bool {
	return (len(w.families) == 0 || slices.Contains(w.families, family)) && (len(w.kinds) == 0 || slices.Contains(w.kinds, kind))
}

// matchEndpoints holds addresses and ports against the conditions, which have to
// be the same.
func (w *networkWords) matchEndpoints(n apparmor.Network) bool {
	for name, value := range w.conditions {
		var have string
		if strings.HasPrefix(name, "peer.") && !n.Access.Intersects(peerAccesses) {
			continue // there is no peer yet, and nobody asks for it
		}
		switch name {
		case "ip":
			have = n.Local.IP.String()
		case "port":
			have = portText(n.Local)
		case "peer.ip":
			have = n.Peer.IP.String()
		case "peer.port":
			have = portText(n.Peer)
		}
		if have != value {
			return false
		}
	}
	return true
}

// peerAccesses are those for which the kernel looks at the peer
// (parser/network.h, NET_PEER_MASK).
var peerAccesses, _ = apparmor.SocketAccesses.Parse("send", "receive", "connect", "accept")

func portText(e apparmor.Endpoint) string {
	if !e.HasPort {
		return ""
	}
	return strconv.Itoa(int(e.Port))
}

func unixRule(b *body, s *scope) (matcher, error) {
	allowed, err := accesses(apparmor.ClassUnix, apparmor.SocketAccesses, slices.Concat(b.list, b.operands))
	if err != nil {
		return nil, err
	}
	b.operands = nil
	var asked [4]names
	for i, name := range []string{"type", "addr", "peer.label", "peer.addr"} {
		if asked[i], err = b.names(s, name, false); err != nil {
			return nil, err
		}
	}
	asked[1], asked[3] = withAuto(asked[1]), withAuto(asked[3])
	return func(q apparmor.Body) bool {
		u := q.(apparmor.Unix)
		return allowed(u.Access) && asked[0].match([]string{u.Type}) &&
			(asked[1].any || asked[1].match(s.address(u.Addr))) &&
			(asked[2].any || asked[2].match(s.encoded(u.PeerLabel))) &&
			(asked[3].any || asked[3].match(s.address(u.PeerAddr)))
	}, b.only("type", "addr", "peer.label", "peer.addr")
}

// autoText is what the word auto stands for (parser/af_unix.cc): the addresses that the
// kernel chooses.
const autoText = "@[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]"

// withAuto puts what it stands for in the place of the word.
func withAuto(n names) names {
	for i, g := range n.globs {
		if g.one && g.exact == "auto" {
			n.globs = slices.Clone(n.globs)
			if auto, err := newGlob(autoText); err == nil {
				n.globs[i] = auto
			}
		}
	}
	return n
}

// address is encoded for the address of a socket.
func (s *scope) address(p apparmor.Pattern) []string {
	if p.String() == "auto" {
		return []string{"@00000", "@9a0f5", "@fffff"}
	}
	return s.encoded(p)
}

func dbusRule(b *body, s *scope) (matcher, error) {
	allowed, err := accesses(apparmor.ClassDBus, apparmor.DBusAccesses, slices.Concat(b.list, b.operands))
	if err != nil {
		return nil, err
	}
	b.operands = nil
	conditions := []string{"bus", "path", "interface", "member", "name", "peer.name", "peer.label"}
	asked := make([]names, len(conditions))
	for i, name := range conditions {
		if asked[i], err = b.names(s, name, false); err != nil {
			return nil, err
		}
	}
	return func(q apparmor.Body) bool {
		d := q.(apparmor.DBus)
		if !allowed(d.Access) || !asked[0].match([]string{encode(d.Bus)}) {
			return false
		}
		for i, p := range []apparmor.Pattern{d.Path, d.Interface, d.Member, d.Name, d.PeerName, d.PeerLabel} {
			if a := asked[i+1]; !a.any && !a.match(s.encoded(p)) {
				return false
			}
		}
		return true
	}, b.only(conditions...)
}
