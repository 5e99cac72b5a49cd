package main

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
)

// resolveNever returns the networks of --never: what is no address names a file of
// addresses, one a line, with # comments.
func (f *flags) resolveNever() (list []netip.Prefix, err error) {
	for _, arg := range f.Never {
		if p, err := parsePrefix(arg); err == nil {
			list = append(list, p)
			continue
		}
		text, err := os.ReadFile(arg)
		if err != nil {
			return nil, fmt.Errorf("--never %q is no address, and as a file: %w", arg, err)
		}
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			p, err := parsePrefix(line)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %q is neither an address nor a network", arg, number, line)
			}
			list = append(list, p)
		}
	}
	return list, nil
}

// parsePrefix reads 192.0.2.1 or 192.0.2.0/24, and the same for IPv6.
func parsePrefix(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}
