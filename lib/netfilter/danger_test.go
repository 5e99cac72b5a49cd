package netfilter

import (
	"strings"
	"testing"
)

func TestHazardsStandFromTheWorstDown(t *testing.T) {
	for i := 1; i < len(hazards); i++ {
		if hazards[i].level > hazards[i-1].level {
			t.Errorf("%q stands behind something less dangerous", hazards[i].why)
		}
	}
}

func TestDanger(t *testing.T) {
	const r = "add rule inet filter sl-"
	tests := []struct {
		text string
		want uint8
		why  string
	}{
		{"input meta nfproto ipv4 accept", 10, "everything"},
		{"input meta nfproto ipv4 meta l4proto 6 accept", 10, "everything"},
		{"forward meta nfproto ipv6 iifname \"eth0\" accept", 10, "everything"},
		{"input ip saddr { 0.0.0.0/1, 128.0.0.0/2 } accept", 10, "everything"},
		{"input ip6 saddr 2000::/3 accept", 10, "everything"},
		{"input ip6 saddr 64:ff9b::/96 tcp dport 22 accept", 8, "ssh"}, // all of IPv4
		{"input ip6 saddr 2001::/32 tcp dport 22 accept", 8, "ssh"},
		{"input ip6 saddr 64:ff9b::/64 tcp dport 22 accept", 8, "ssh"},
		{"input meta nfproto ipv4 meta l4proto 1 accept", 9, "whole protocol"},
		{"input meta nfproto ipv4 meta l4proto 132 accept", 10, "everything"},
		{"input meta nfproto ipv4 tcp dport 1-65535 accept", 10, "everything"},
		{"output meta nfproto ipv4 tcp dport 1-65535 accept", 9, "everywhere"},
		{"input meta nfproto ipv4 tcp dport 8080 accept", 7, "not made for strangers"},
		{"input meta nfproto ipv4 tcp dport { 80, 8080 } accept", 7, "not made for strangers"},
		{"input meta nfproto ipv4 udp dport 53 accept", 3, "public"},
		{"input meta nfproto ipv4 tcp dport 1194 accept", 3, "public"},
		{"input meta nfproto ipv4 udp dport 1194 accept", 3, "public"},
		{"input meta nfproto ipv4 meta l4proto 6 drop", 10, "everybody"},
		{"input meta nfproto ipv4 meta l4proto 17 drop", 9, "cut off"},
		{"input meta nfproto ipv6 meta l4proto 58 drop", 9, "cut off"},
		{"input ip saddr { 11.0.0.0/8, 13.0.0.0/8 } tcp dport 25 drop", 7, "service"},
		{"input meta nfproto ipv4 tcp dport 1-1000 drop", 9, "hundreds"},
		{"input meta nfproto ipv4 drop", 10, "everybody"},
		{"output meta nfproto ipv4 reject", 10, "everybody"},
		{"input meta nfproto ipv4 meta l4proto 47 accept", 9, "tunnel"},
		{"output meta nfproto ipv4 accept", 9, "everywhere"},
		{"output meta nfproto ipv4 meta skuid 1000 accept", 7, "one user"},
		{"input meta nfproto ipv4 tcp dport 23 accept", 9, "telnet"},
		{"input meta nfproto ipv4 tcp dport { 80, 440-450 } accept", 9, "port 445"},
		{"input ip saddr 128.0.0.0/1 tcp dport 2375 accept", 9, "docker"},
		{"input meta nfproto ipv4 tcp dport 22 accept", 8, "ssh"},
		{"input meta nfproto ipv4 udp dport 30000-40000 accept", 8, "hundreds"},
		{"input meta nfproto ipv4 meta l4proto 50 accept", 9, "whole"},
		{"input icmp type 5 icmp code 0 accept", 6, "routes"},
		{"input ip saddr 192.0.2.1 accept", 5, "some sources"},
		{"input ip saddr 192.0.0.0/12 tcp dport 80 accept", 4, "provider"},
		{"input meta nfproto ipv4 tcp dport 443 accept", 3, "everybody"},
		{"input icmp type 8 icmp code 0 accept", 2, "icmp"},
		{"output meta nfproto ipv4 tcp dport 443 accept", 2, "send"},
		{"input ip saddr 192.0.2.1 tcp dport 22 accept", 1, "one service"},
		{"input ip saddr 10.0.0.0/8 tcp dport 22 accept", 1, "one service"},
		{"input ip saddr 127.0.0.1 drop", 9, "loopback"},
		{"input ip6 saddr fe80::/64 drop", 9, "link-local"},
		{"input ip saddr 192.0.0.0/3 drop", 9, "large part"},
		{"input ip saddr 10.1.2.3 drop", 8, "private"},
		{"input ip saddr 0.0.0.0/1 drop", 9, "loopback"},
		{"input ip saddr 192.160.0.0/11 drop", 8, "private"},
		{"input ip saddr 198.0.0.0/12 drop", 6, "provider"},
		{"input ip saddr 198.51.100.0/24 drop", 3, "block"},
		{"input ip saddr 198.51.100.1 reject", 2, "single"},
		{"input meta nfproto ipv4 tcp dport 25 drop", 7, "service"},
	}
	for _, tt := range tests {
		rule, err := Parse(NFT, r+tt.text)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		if level, why := Danger(rule); level != tt.want || !strings.Contains(why, tt.why) {
			t.Errorf("%q: %d, %s; want %d, %s", tt.text, level, why, tt.want, tt.why)
		}
	}
}
