package main

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// frame is a packet that is sent, and whether it may pass.
type frame struct {
	name    string
	id      uint16   // in the IPv4 header, or the flow label of IPv6: by it the packet is known again
	iface   string   // that it is sent on
	uid     int      // of who sends it
	packets [][]byte // one, or its fragments
	header  []byte   // of Ethernet, without the sender; nil for the usual one
	passes  bool     // a rule made from the log lets it through
	first   bool     // it is among those that are logged and made rules of
}

// The ways that packets are sent: through a chain of that name, or
const (
	input   = "input"
	output  = "output"
	forward = "forward"
	bridged = "bridged" // through the chain forward, on a bridge
	ingress = "ingress" // to the chain of a device, which sees what the others do not
)

// side is one end of a packet's way, in both families.
type side struct{ four, six netip.Addr }

func sideOf(four, six string) side { return side{netip.MustParseAddr(four), netip.MustParseAddr(six)} }

var (
	peer, otherPeer = sideOf("10.66.0.1", "fd66::1"), sideOf("10.66.0.3", "fd66::3")
	host, otherHost = sideOf("10.66.0.2", "fd66::2"), sideOf("10.66.0.6", "fd66::6")
	far, otherFar   = sideOf("10.67.0.9", "fd67::9"), sideOf("10.67.0.10", "fd67::10") // behind the host
)

func (s side) of(v6 bool) netip.Addr {
	if v6 {
		return s.six
	}
	return s.four
}

// way is what a packet's rule looks at beside its kind.
type way struct {
	peer, local side // the two ends; local is on our side
	iface       string
	uid         int
}

// ways are the usual way of a packet, and its neighbours by what is different.
func ways(path string) (usual way, neighbours map[string]way) {
	usual = way{peer, host, "there", 0}
	other := otherHost
	switch path {
	case output:
		usual.iface = "here"
	case forward, bridged:
		usual.local, other = far, otherFar
	}
	neighbours = map[string]way{}
	add := func(what string, change func(*way)) {
		w := usual
		change(&w)
		neighbours[what] = w
	}
	add("another peer", func(w *way) { w.peer = otherPeer })
	add("another address of ours", func(w *way) { w.local = other })
	switch path {
	case bridged:
		add("another interface", func(w *way) { w.iface = "there3" })
		add(anotherPort, func(w *way) { w.iface = "there2" })
	case output:
		add("another user", func(w *way) { w.uid = 65534 })
		fallthrough
	default:
		add("another interface", func(w *way) { w.iface += "2" })
	}
	return usual, neighbours
}

// anotherPort is what a rule does not look at: it names the bridge.
const anotherPort = "another port of the bridge"

// frames are the packets of all kinds that are sent one way, and then their
// neighbours: another port or type, and each other way.
func frames(path string) []frame {
	var list []frame
	if path == ingress {
		return beneath()
	}
	if chain, ok := strings.CutPrefix(path, probing("")); ok {
		for _, p := range probes(chain) {
			list = append(list, p.frame)
		}
		return list
	}
	add := func(name string, k kind, payload []byte, w way, first, passes bool) {
		f := frame{name: name, id: uint16(len(list) + 1), iface: w.iface, uid: w.uid, first: first, passes: passes}
		src, dst := w.peer.of(k.v6), w.local.of(k.v6)
		if path == output {
			src, dst = dst, src
		}
		if k.from.IsValid() {
			src = k.from
		}
		if k.to.IsValid() {
			dst = k.to
		}
		p := ipv4(f.id, k.proto, src, dst, payload)
		if k.v6 {
			p = ipv6(f.id, k.proto, src, dst, payload)
		}
		if k.change != nil {
			p = k.change(p)
		}
		f.packets = [][]byte{p}
		switch {
		case k.pieces > 0 && k.v6:
			f.packets = fragments6(p, k.pieces)
		case k.pieces > 0:
			f.packets = fragments4(p, k.pieces)
		}
		list = append(list, f)
	}
	usual, neighbours := ways(path)
	var all []kind
	for _, k := range kinds() {
		if path != output || !k.from.IsValid() { // who only sends is no peer there
			all = append(all, k)
		}
	}
	if path == input {
		all = append(all, groups()...)
	}
	for _, k := range all {
		add(k.name, k, k.payload, usual, true, k.becomes == rule)
	}
	for _, k := range all {
		if k.becomes != rule {
			continue
		}
		if k.other != nil {
			add(k.name+", another port or type", k, k.other, usual, false, false)
		}
		for _, what := range slices.Sorted(maps.Keys(neighbours)) {
			w := neighbours[what]
			if what == "another peer" && k.from.IsValid() {
				continue
			}
			add(k.name+", "+what, k, k.payload, w, false, what == anotherPort)
		}
	}
	return list
}

// notes are how many lines of the first frames become notes of each kind.
func notes(path string) map[string]int {
	counts := map[string]int{}
	for _, k := range kinds() {
		if path == output && k.from.IsValid() {
			continue
		}
		switch {
		case k.becomes != rule:
			counts[k.becomes]++
		case k.pieces > 0: // of which the first becomes a rule
			counts["fragment"] += (len(k.payload)+k.pieces-1)/k.pieces - 1
		}
	}
	if path == input {
		counts["group"] += len(groups())
	}
	return counts
}
