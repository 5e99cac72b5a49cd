package main

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

// beneath are frames that the chains of IP do not see as they are, but those of a
// device do.
func beneath() []frame {
	const toHost, toAll = "\x02\x00\x00\x00\x00\x01", "\xff\xff\xff\xff\xff\xff"
	ask := append([]byte{0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9}, peer.four.AsSlice()...)
	ask = append(append(ask, 0, 0, 0, 0, 0, 0), host.four.AsSlice()...)
	return []frame{
		{name: "vlan", id: 1, iface: "there", first: true, header: []byte(toHost + "\x81\x00\x60\x2a\x08\x00"), packets: [][]byte{ipv4(1, 6, peer.four, host.four, tcp(7778, syn))}},
		{name: "vlan over ipv6", id: 2, iface: "there", first: true, header: []byte(toHost + "\x81\x00\x00\x2a\x86\xdd"), packets: [][]byte{ipv6(2, 17, peer.six, host.six, udp(53))}},
		{name: "an ipv6 header that promises more", id: 3, iface: "there", first: true, header: []byte(toHost + "\x86\xdd"), packets: [][]byte{ipv6(3, 0, peer.six, host.six, nil)}},
		{name: "arp", iface: "there", first: true, header: []byte(toAll + "\x08\x06"), packets: [][]byte{ask}},
		{name: "no protocol of the kernel", iface: "there", first: true, header: []byte(toHost + "\x88\xcc"), packets: [][]byte{[]byte("lldp-like")}},
	}
}

// A frame that is not IP, or belongs to another interface than it came in by, is a
// note and no rule.
func TestFramesThatAreNoRule(t *testing.T) {
	needKernelLog(t)
	prefix := fmt.Sprintf("sl%d ingress: ", os.Getpid())
	log := kernelLog(t, prefix, func() {
		run(t, "nft -f rules; send ingress:first", map[string][]byte{"rules": fmt.Appendf(nil, `
table netdev beneath { chain all_of_it { type filter hook ingress device "here" priority 0; policy drop; log prefix %q flags ether; }
}`, prefix)})
	})
	if got, want := bytes.Count(log, []byte{'\n'}), len(beneath()); got != want {
		t.Errorf("%d frames were sent, and %d were logged:\n%s", want, got, log)
	}
	stream := chain(t, programs(t), log, prefix)
	checkNotes(t, stream, map[string]int{"vlan": 2, "protocol": 1, "address": 2})
	if bytes.Contains(stream, []byte(`"type":"rule"`)) {
		t.Errorf("a rule:\n%s", stream)
	}
}
