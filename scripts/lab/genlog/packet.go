package main

import "strconv"

// The sources that packets come from: the blocks that are set aside for
// documentation (RFC 5737) and then 10.0.0.0/8.
const (
	documentation4 = 2 * 254
	addrs4         = documentation4 + 1<<24
)

// appendAddr4 writes source address number n.
func appendAddr4(dst []byte, n int) []byte {
	octets := [4]int{10, n >> 16 & 255, n >> 8 & 255, n & 255}
	switch {
	case n < 254:
		octets = [4]int{198, 51, 100, n + 1}
	case n < documentation4:
		octets = [4]int{203, 0, 113, n - 254 + 1}
	}
	for i, o := range octets {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = strconv.AppendInt(dst, int64(o), 10)
	}
	return dst
}

// knocked are the services that strangers look for.
var knocked = []int{22, 23, 80, 443, 445, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 11211, 27017}

// service returns the port that denial number k is about: the well-known ones
// first, each source another, then all others.
func service(k int) int {
	round := k / documentation4
	if round >= len(knocked) {
		return 1024 + round%64_000
	}
	return knocked[(k+round)%len(knocked)]
}

// appendPacket writes the refused packet number k as net/netfilter/nf_log_syslog.c
// does, under ufw's prefix. Protocol, addresses and service belong to the denial;
// the rest is the packet's own.
func (h *host) appendPacket(dst []byte, r random, k, sources int) []byte {
	num := func(key string, n int) {
		dst = strconv.AppendInt(append(dst, key...), int64(n), 10)
	}
	proto := pick(&r, []string{"TCP", "TCP", "TCP", "TCP", "TCP", "UDP", "UDP", "ICMP"})
	payload := 40
	switch proto {
	case "UDP":
		payload = 8 + h.between(20, 400)
	case "ICMP":
		payload = 64
	}

	dst = append(dst, "[UFW BLOCK] IN=eth0 OUT= MAC=00:00:5e:00:53:10:00:00:5e:00:53:fe:"...)
	echo := " PROTO=ICMP TYPE=8 CODE=0 ID="
	if r.below(8) == 0 {
		echo = " PROTO=ICMPv6 TYPE=128 CODE=0 ID="
		dst = append(dst, "86:dd SRC=2001:0db8:0000:0000:0000:0000:"...)
		dst = appendGroup(append(appendGroup(dst, k>>16), ':'), k)
		num(" DST=2001:0db8:0001:0000:0000:0000:0000:0010 LEN=", 40+payload)
		num(" TC=0 HOPLIMIT=", h.between(40, 60))
		num(" FLOWLBL=", h.below(1<<20))
	} else {
		dst = appendAddr4(append(dst, "08:00 SRC="...), k%sources)
		num(" DST=192.0.2.10 LEN=", 20+payload)
		num(" TOS=0x00 PREC=0x00 TTL=", h.between(40, 60))
		num(" ID=", h.below(1<<16))
		if proto == "TCP" {
			dst = append(dst, " DF"...)
		}
	}

	if proto == "ICMP" {
		num(echo, h.below(1<<16))
		return append(dst, " SEQ=1 "...)
	}
	num(" PROTO="+proto+" SPT=", h.between(32_768, 60_999))
	num(" DPT=", service(k))
	if proto == "UDP" {
		num(" LEN=", payload)
		return append(dst, ' ')
	}
	return append(dst, " WINDOW=64240 RES=0x00 SYN URGP=0 "...)
}

// appendGroup writes the low 16 bits of n as one group of an IPv6 address.
func appendGroup(dst []byte, n int) []byte {
	for shift := 12; shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[n>>shift&15])
	}
	return dst
}
