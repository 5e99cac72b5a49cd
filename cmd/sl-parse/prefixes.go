package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sl-suite/sl/lib/kernlog"
)

// maxPrefixes bounds the file of --prefixes, in bytes.
const maxPrefixes = 1 << 20

// readPrefixes reads the file of --prefixes, and refuses one that cannot be used.
// Of the same text the first counts, and --prefix comes before.
func (f *flags) readPrefixes() error {
	if f.Prefixes == "" {
		return nil
	}
	file, err := os.Open(f.Prefixes)
	if err != nil {
		return fmt.Errorf("--prefixes: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxPrefixes+1))
	if err != nil {
		return fmt.Errorf("--prefixes: %w", err)
	}
	if len(text) > maxPrefixes {
		return fmt.Errorf("--prefixes: %s: more than 1 MiB", f.Prefixes)
	}
	list, err := parsePrefixes(f.Prefixes, text)
	f.Table = append(f.Table, list...)
	return err
}

// parsePrefixes reads lines of TEXT=VERDICT[:CHAIN]; empty lines and those that
// begin with # say nothing.
func parsePrefixes(name string, text []byte) ([]kernlog.Prefix, error) {
	var list []kernlog.Prefix
	seen := map[string]bool{}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		s := strings.TrimSpace(string(line))
		if s == "" || s[0] == '#' {
			continue
		}
		p, err := kernlog.ParsePrefix(s)
		if err == nil && seen[p.Text] {
			err = errors.New("this prefix stands further up, too")
		}
		if err != nil {
			return nil, fmt.Errorf("--prefixes: %s:%d: %w", name, number, err)
		}
		seen[p.Text] = true
		list = append(list, p)
	}
	return list, nil
}
