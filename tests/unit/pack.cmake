unit_test(pack USES muster_pack)
unit_test(pack_mistakes USES muster_pack)
