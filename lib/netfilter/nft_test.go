package netfilter

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"go4.org/netipx"
)

// nft takes the file twice and lists what we meant, in the same words.
func TestNFTLoadsAndListsTheSame(t *testing.T) {
	needTools(t, "nft list ruleset", "nft")
	body := mustFile(t, NFT, manyRules(drawNFT, 150))
	list := inNamespace(t, "nft -c -f f && nft -f f && nft -f f && nft -nn list ruleset", map[string][]byte{"f": body})
	list, got := nftElements(list)
	chain := ""
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "chain "); ok {
			chain = strings.TrimSuffix(name, " {")
		}
		line = nftBlocks(nftFamily(line))
		if last := line[strings.LastIndexByte(line, ' ')+1:]; slices.Contains([]string{"accept", "drop", "reject"}, last) {
			got = append(got, "add rule inet filter "+chain+" "+line)
		}
	}
	before, _ := Frame(NFT)
	for line := range strings.Lines(before) {
		if strings.Contains(line, "saddr @") {
			got = slices.Delete(got, slices.Index(got, strings.TrimSpace(line)), 1+slices.Index(got, strings.TrimSpace(line)))
		}
	}
	want := strings.Split(strings.TrimSpace(strings.TrimPrefix(string(body), before)), "\n")
	// With -nn nft lists the families by number, and sets sorted in bytes of the
	// host: the numbers are put back, the sets were sorted by us.
	families := strings.NewReplacer("meta nfproto 2 ", "meta nfproto ipv4 ", "meta nfproto 10 ", "meta nfproto ipv6 ")
	for i := range got {
		got[i] = families.Replace(got[i])
	}
	compareLines(t, got, want)
}

var (
	saysFamily = regexp.MustCompile(`\b(ip6? [sd]addr|icmp type|icmpv6 type|nfproto)\b`)
	impliesIP  = regexp.MustCompile(`with icmp 3$|\bl4proto 1 `)
	impliesIP6 = regexp.MustCompile(`with icmpv6 4$|\bl4proto 58 `)
	answer     = regexp.MustCompile(` with icmp(v6 4| 3)$`)
)

// nftFamily takes off the default answer of a reject, which nft lists by number,
// and puts back the family, which nft tests but leaves out of the list where the
// answer or the protocol implies it.
func nftFamily(line string) string {
	cut := answer.ReplaceAllString(line, "")
	switch {
	case saysFamily.MatchString(cut):
		return cut
	case impliesIP.MatchString(line):
		return "meta nfproto ipv4 " + cut
	case impliesIP6.MatchString(line):
		return "meta nfproto ipv6 " + cut
	}
	return cut
}

var addressSet = regexp.MustCompile(`(addr) \{ ([^}]*) \}`)

// nftBlocks writes the ranges, which nft makes of blocks that touch, as blocks.
func nftBlocks(line string) string {
	return addressSet.ReplaceAllStringFunc(line, func(set string) string {
		var b netipx.IPSetBuilder
		for element := range strings.SplitSeq(strings.Trim(strings.TrimPrefix(set, "addr"), " {}"), ", ") {
			if r, err := netipx.ParseIPRange(element); err == nil {
				b.AddRange(r)
			} else if p, err := parsePrefix(element); err == nil {
				b.AddPrefix(p)
			}
		}
		return string(appendNFTSet([]byte("addr "), setOf(&b).Prefixes(), appendPrefix))
	})
}

var (
	listedSet = regexp.MustCompile(`(?s)\tset (\S+) \{.*?\n\t\}\n`)
	element   = regexp.MustCompile(`(\S+) timeout (\d+)s expires \d+s`)
)

// nftElements takes the sets out of a list, and makes of them the commands that
// add their elements: those with one timeout are one.
func nftElements(list string) (rest string, adds []string) {
	for _, set := range listedSet.FindAllStringSubmatch(list, -1) {
		byTime := map[string][]string{}
		for _, e := range element.FindAllStringSubmatch(set[0], -1) {
			byTime[e[2]] = append(byTime[e[2]], e[1])
		}
		for timeout, list := range byTime {
			var b netipx.IPSetBuilder
			for _, e := range list {
				if r, err := netipx.ParseIPRange(e); err == nil {
					b.AddRange(r)
				} else if p, err := parsePrefix(e); err == nil {
					b.AddPrefix(p)
				}
			}
			var words []string
			for _, p := range setOf(&b).Prefixes() {
				words = append(words, string(appendPrefix(nil, p))+" timeout "+timeout+"s")
			}
			adds = append(adds, "add element inet filter "+set[1]+" { "+strings.Join(words, ", ")+" }")
		}
	}
	return listedSet.ReplaceAllString(list, ""), adds
}
