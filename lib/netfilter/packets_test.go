package netfilter

import (
	"fmt"
	"strings"
	"testing"
)

// wire makes two hosts with a cable between them: this namespace with the
// interface here, and another with the interface there, at process $there.
// send ADDRESS PORT sends a datagram from an address of the other one. What
// passes all chains is counted behind them, by source and port.
const wire = `
unshare --net sleep 60 & there=$!
trap 'kill $there' EXIT
while [ "$(readlink /proc/$there/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add here type veth peer name there netns $there
on() { nsenter -t $there -n "$@"; }
ip link set here addrgenmode none; on ip link set there addrgenmode none
ip addr add 10.9.0.1/24 dev here; ip addr add fd09::1/64 dev here nodad
for a in 2 3 4; do on ip addr add 10.9.0.$a/24 dev there; on ip addr add fd09::$a/64 dev there nodad; done
ip link set here up; on ip link set there up
send() {
	case $1 in
	*:*) on ip -6 route replace fd09::1 dev there src $1; to=fd09::1;;
	*) on ip route replace 10.9.0.1 dev there src $1; to=10.9.0.1;;
	esac
	on bash -c "echo >/dev/udp/$to/$2"
}
nft -f - <<'END'
table inet count {
	set passed4 { type ipv4_addr . inet_service; flags dynamic; }
	set passed6 { type ipv6_addr . inet_service; flags dynamic; }
	chain input {
		type filter hook input priority 300;
		meta nfproto ipv4 meta l4proto udp add @passed4 { ip saddr . udp dport }
		meta nfproto ipv6 meta l4proto udp add @passed6 { ip6 saddr . udp dport }
	}
}
END
`

// Real packets pass the rules that are meant for them, and no others.
func TestPackets(t *testing.T) {
	needTools(t, "ip link add probe0 type veth peer name probe1 && nft add table inet x && iptables -S && ip6tables -S && nsenter --version && bash --version",
		"ip", "nft", "iptables", "ip6tables", "nsenter", "bash")
	rule := func(f Family, src string, v Verdict, ports ...PortRange) Rule {
		r := Rule{Family: f, Chain: Input, In: "here", Src: prefixes(src), Verdict: v}
		if len(ports) > 0 {
			r.Proto, r.Ports = UDP, ports
		}
		return r
	}
	rules := []Rule{
		rule(IP, "10.9.0.2/31", Accept, Port(53), PortRange{100, 102}),
		rule(IP, "10.9.0.3/32", Drop),
		rule(IP, "10.9.0.4/32", Accept, Port(7)),
		rule(IP6, "fd09::2/127", Accept, Port(53)),
		rule(IP6, "fd09::3/128", Drop),
	}
	other := rule(IP, "10.9.0.4/32", Accept, Port(9))
	other.In = "elsewhere"
	rules = append(rules, other)

	var sends strings.Builder
	for _, src := range []string{"10.9.0.2", "10.9.0.3", "10.9.0.4", "fd09::2", "fd09::3"} {
		for _, port := range []int{7, 9, 53, 99, 100, 102, 103} {
			fmt.Fprintf(&sends, "send %s %d\n", src, port)
		}
	}
	want := []string{"10.9.0.2 . 100", "10.9.0.2 . 102", "10.9.0.2 . 53", "10.9.0.4 . 7", "fd09::2 . 53"}

	tests := map[Syntax]string{
		NFT: `
nft -f f
nft -f - <<'END'
table inet filter {
	chain input { type filter hook input priority filter; policy drop; meta l4proto ipv6-icmp accept; jump sl-input; }
}
END
`,
		Restore: `
for x in '' 6; do
	ip${x}tables -N SL-INPUT
	ip${x}tables -A INPUT -j SL-INPUT
	ip${x}tables -P INPUT DROP
done
ip6tables -I INPUT -p ipv6-icmp -j ACCEPT
iptables-restore --noflush f
ip6tables-restore --noflush f
`,
	}
	for s, load := range tests {
		t.Run(string(s), func(t *testing.T) {
			files := map[string][]byte{"f": mustFile(t, s, rules)}
			list := inNamespace(t, wire+load+sends.String()+"nft -n list set inet count passed4; nft -n list set inet count passed6", files)
			var got []string
			for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune("{},=\n\t", r) }) {
				if word = strings.TrimSpace(word); strings.Contains(word, " . ") && !strings.Contains(word, "type") {
					got = append(got, word)
				}
			}
			compareLines(t, got, append([]string(nil), want...))
		})
	}
}
