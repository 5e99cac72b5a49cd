package kernlog

import (
	"net/netip"
	"strings"
)

// A scan knows one form of the values of a netfilter message. It returns the
// offset behind the value that begins at s[i:], or -1 where there is none of that
// form. Whoever asks looks at what follows.
type scan func(s string, i int) (end int)

// has reports whether a whole text has a form.
func (f scan) has(s string) bool { return f(s, 0) == len(s) }

// anything is any text but none, up to a blank.
func anything(s string, i int) int {
	end := wordEnd(s, i)
	if end == i {
		return -1
	}
	return end
}

// iface is the name of a device; there may be none.
func iface(s string, i int) int {
	end := wordEnd(s, i)
	if end-i > maxInterface {
		return -1
	}
	return end
}

// bridgePort is the name of a device.
func bridgePort(s string, i int) int {
	if end := iface(s, i); end > i {
		return end
	}
	return -1
}

func wordEnd(s string, i int) int {
	for i < len(s) && s[i] != ' ' {
		i++
	}
	return i
}

func u8(s string, i int) int  { return decimal(s, i, 1<<8-1) }
func u16(s string, i int) int { return decimal(s, i, 1<<16-1) }
func u32(s string, i int) int { return decimal(s, i, 1<<32-1) }

// decimal is a number of digits that is not more than most.
func decimal(s string, i int, most uint64) int {
	start, n := i, uint64(0)
	for i < len(s) && isDigit(s[i]) {
		if n = n*10 + uint64(s[i]-'0'); n > most {
			return -1
		}
		i++
	}
	if i == start {
		return -1
	}
	return i
}

// signed is a number of up to twenty digits, perhaps with a sign.
func signed(s string, i int) int {
	end := wordEnd(s, i)
	if !isNumber(s[i:end]) {
		return -1
	}
	return end
}

// hexadecimal is hex digits with or without 0x: vendors leave it out.
func hexadecimal(s string, i int) int {
	if strings.HasPrefix(s[i:], "0x") {
		i += len("0x")
	}
	start := i
	for i < len(s) && isHexDigit(s[i]) {
		i++
	}
	if i == start {
		return -1
	}
	return i
}

// mac is hex bytes with colons.
func mac(s string, i int) int {
	for i+1 < len(s) && isHexDigit(s[i]) && isHexDigit(s[i+1]) {
		i += 2
		if i == len(s) || s[i] != ':' {
			return i
		}
		i++
	}
	return -1
}

// header is a whole hardware header; a device may have none.
func header(s string, i int) int {
	if i == len(s) || s[i] == ' ' {
		return i
	}
	return mac(s, i)
}

// ip4 is four numbers up to 255 without leading zeros.
func ip4(s string, i int) int {
	for octet := range 4 {
		if octet > 0 {
			if i == len(s) || s[i] != '.' {
				return -1
			}
			i++
		}
		end := decimal(s, i, 255)
		if end < 0 || s[i] == '0' && end > i+1 {
			return -1
		}
		i = end
	}
	return i
}

// ip6 is an address as the kernel writes it, eight groups of four digits, or in
// any form that RFC 4291 knows.
func ip6(s string, i int) int {
	const whole = len("2001:0db8:0000:0000:0000:0000:0000:0001")
	end := wordEnd(s, i)
	if end-i == whole {
		digits := 0
		for j := range whole {
			if c := s[i+j]; j%5 == 4 && c != ':' || j%5 != 4 && !isHexDigit(c) {
				break
			}
			digits++
		}
		if digits == whole {
			return end
		}
	}
	a, err := netip.ParseAddr(s[i:end])
	if err != nil || !a.Is6() || a.Zone() != "" {
		return -1
	}
	return end
}

// tunnel is "1.2.3.4->5.6.7.8", of a sit device.
func tunnel(s string, i int) int {
	end := ip4(s, i)
	if end < 0 || !strings.HasPrefix(s[end:], "->") {
		return -1
	}
	return ip4(s, end+len("->"))
}

// protocol is a name that the kernel writes, or any other's number.
func protocol(s string, i int) int {
	end := wordEnd(s, i)
	switch s[i:end] {
	case "TCP", "UDP", "UDPLITE", "ICMP", "ICMPv6", "AH", "ESP", "SCTP":
		return end
	}
	return u8(s, i)
}

func isHexDigit(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
