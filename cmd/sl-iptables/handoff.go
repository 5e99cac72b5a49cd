package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"github.com/sl-suite/sl/lib/nfpolicy/ruleset"
	"github.com/sl-suite/sl/lib/stage"
)

// The handoff from the first start to the second: what the files say that the
// flags name. Each part is a line with its kind, its size in bytes and the name
// of its file, quoted as in Go, and then its bytes.
const (
	partNever   = "never"   // networks, one a line
	partRuleset = "ruleset" // the file as it is: it is taken apart in the second start
)

// open reads the files, which the second start cannot.
func (f *flags) open(first *stage.First) error {
	never, err := f.resolveNever()
	if err != nil {
		return err
	}
	first.Blob = appendPart(nil, partNever, "", never)
	for _, path := range f.Ruleset {
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("--ruleset: %w", err)
		}
		first.Blob = appendPart(first.Blob, partRuleset, path, text)
	}
	return nil
}

func appendPart(blob []byte, kind, name string, body []byte) []byte {
	blob = fmt.Appendf(blob, "%s %d %q\n", kind, len(body), name)
	return append(blob, body...)
}

// decode takes the handoff apart.
func decode(blob []byte) (never []netip.Prefix, rs *ruleset.Ruleset, err error) {
	for len(blob) > 0 {
		head, rest, _ := bytes.Cut(blob, []byte{'\n'})
		var kind, name string
		var size int
		if _, err := fmt.Sscanf(string(head), "%s %d %q", &kind, &size, &name); err != nil || size < 0 || size > len(rest) {
			return nil, nil, fmt.Errorf("handoff: %q", head)
		}
		body := rest[:size]
		blob = rest[size:]
		switch kind {
		case partNever:
			never, err = decodeNever(body)
		case partRuleset:
			if rs == nil {
				rs = new(ruleset.Ruleset)
			}
			err = rs.Add(body)
		}
		if err != nil {
			return nil, nil, stage.WithHint(fmt.Errorf("%s: %w", name, err),
				"--ruleset reads what iptables-save, ip6tables-save and nft -j list ruleset print")
		}
	}
	return never, rs, nil
}

func decodeNever(body []byte) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for line := range strings.Lines(string(body)) {
		p, err := netip.ParsePrefix(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}
