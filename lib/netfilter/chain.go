package netfilter

import "strings"

// chains lists the chains in the order of a file.
var chains = [...]Chain{Input, Output, Forward}

// Chains lists the chains in the order in which they stand in a file.
func Chains() []Chain { return append([]Chain(nil), chains[:]...) }

// nftChain is the name of our chain in nft: "sl-input".
func nftChain(c Chain) string { return "sl-" + string(c) }

// iptablesChain is the name of our chain in iptables: "SL-INPUT".
func iptablesChain(c Chain) string { return "SL-" + strings.ToUpper(string(c)) }
