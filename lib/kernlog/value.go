package kernlog

import (
	"net/netip"
	"strconv"
	"strings"
)

// The forms that values of a netfilter message have.

// isInterface checks the name of a device; there may be none.
func isInterface(s string) bool { return len(s) <= maxInterface }

func isBridgePort(s string) bool { return s != "" && isInterface(s) }

func isIP4(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

func isIP6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

// isTunnel checks "1.2.3.4->5.6.7.8" (a sit device).
func isTunnel(s string) bool {
	from, to, ok := strings.Cut(s, "->")
	return ok && isIP4(from) && isIP4(to)
}

// isHeader checks a whole hardware header; a device may have none.
func isHeader(s string) bool { return s == "" || isMAC(s) }

// isMAC checks hex bytes with colons.
func isMAC(s string) bool {
	for i := 0; i < len(s); i++ {
		if _, ok := hexDigit(s[i]); ok == (i%3 == 2) || i%3 == 2 && s[i] != ':' {
			return false
		}
	}
	return len(s)%3 == 2
}

// isHex checks hex digits with or without 0x: vendors leave it out.
func isHex(s string) bool {
	s = strings.TrimPrefix(s, "0x")
	for i := 0; i < len(s); i++ {
		if _, ok := hexDigit(s[i]); !ok {
			return false
		}
	}
	return s != ""
}

// isProtocol checks the names that the kernel writes, and any other's number.
func isProtocol(s string) bool {
	switch s {
	case "TCP", "UDP", "UDPLITE", "ICMP", "ICMPv6", "AH", "ESP":
		return true
	}
	return isU8(s)
}

func isU8(s string) bool  { return isUint(s, 8) }
func isU16(s string) bool { return isUint(s, 16) }
func isU32(s string) bool { return isUint(s, 32) }

func isUint(s string, bits int) bool {
	_, err := strconv.ParseUint(s, 10, bits)
	return err == nil && s[0] != '+'
}

// isAny takes any value but none.
func isAny(s string) bool { return s != "" }
