package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/stage"
)

// The second start has no files, so the first one reads those that were named
// and hands over their bytes: the zone's, with their length before them, and the
// prefixes'.

// open reads the files that were named.
func (f *flags) open(first *stage.First) error {
	zone, err := f.readZone()
	if err != nil {
		return err
	}
	prefixes, err := f.readPrefixes()
	if err != nil || zone == nil && prefixes == nil {
		return err
	}
	first.Blob = append(binary.AppendUvarint(nil, uint64(len(zone))), zone...)
	first.Blob = append(first.Blob, prefixes...)
	return nil
}

// told takes apart what open handed over.
func told(blob []byte) (zone, prefixes []byte) {
	n, used := binary.Uvarint(blob)
	if used <= 0 || n > uint64(len(blob)-used) {
		return nil, nil
	}
	return blob[used : used+int(n)], blob[used+int(n):]
}

// maxPrefixes bounds the file of --prefixes, in bytes.
const maxPrefixes = 1 << 20

// readPrefixes reads the file of --prefixes, and refuses one that cannot be used.
func (f *flags) readPrefixes() ([]byte, error) {
	if f.Prefixes == "" {
		return nil, nil
	}
	file, err := os.Open(f.Prefixes)
	if err != nil {
		return nil, fmt.Errorf("--prefixes: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxPrefixes+1))
	if err != nil {
		return nil, fmt.Errorf("--prefixes: %w", err)
	}
	if len(text) > maxPrefixes {
		return nil, fmt.Errorf("--prefixes: %s: more than 1 MiB", f.Prefixes)
	}
	_, err = parsePrefixes(f.Prefixes, text)
	return text, err
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
